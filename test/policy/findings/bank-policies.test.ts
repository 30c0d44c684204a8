import { BANK_POLICIES } from './bank-policies';
import { check } from '../../../local/policy/check';
import { VAULT } from '../published-policies';

describe('policies as a bank writes them', () => {
  test.each(BANK_POLICIES)('$what: nothing is found, $days days are kept', ({ text, days, kind = 'lock', vaultArn = VAULT }) => {
    const { exitCode, report } = check({ text, kind, vaultArn });

    expect(report.findings).toEqual([]);
    expect({ exitCode, valid: report.valid, days: report.retention.days, unknown: report.unknown }).toEqual({
      exitCode: 0,
      valid: true,
      days,
      unknown: [],
    });
  });

  test.each(BANK_POLICIES)(
    '$what: what is kept is proved, what is not has a counter-example',
    ({ text, days, kind = 'lock', vaultArn = VAULT }) => {
      const { proven, counterExample } = check({ text, kind, vaultArn }).report.retention;

      expect({ proven, isShown: counterExample !== undefined }).toEqual({ proven: days !== 0, isShown: days === 0 });
    },
  );
});
