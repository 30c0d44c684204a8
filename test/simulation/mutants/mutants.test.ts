import * as fs from 'node:fs';
import * as path from 'node:path';
import { mutated, readMutants } from './mutant';
import { findingOf, score, Trial, withTable } from './result';

const ROOT = path.join(__dirname, '..', '..', '..');
const source = (file: string) => fs.readFileSync(path.join(ROOT, file), 'utf8');
const mutants = readMutants();

describe('the deliberate bugs', () => {
  test('are at least 30, spread over all that the handlers do', () => {
    expect(mutants.length).toBeGreaterThanOrEqual(30);
    const files = new Set(mutants.flatMap((mutant) => [...mutated(mutant, source).keys()]));
    const areas = ['glacier/lock', 'glacier/vault', 'backup/lock', 'backup/access', 'cloudformation', 'aws'];
    expect(areas.filter((area) => ![...files].some((file) => file.startsWith(`lambda/${area}/`)))).toEqual([]);
  });

  test.each(mutants.map((mutant) => [mutant.name, mutant] as const))('%s changes the sources as they are today', (name, mutant) => {
    const sources = [...mutated(mutant, source)];
    expect(sources.length).toBeGreaterThan(0);
    for (const [file, text] of sources) {
      expect(file).toMatch(/^(lambda|src\/policy)\/.+\.ts$/);
      expect(text).not.toBe(source(file));
    }
    expect(name).toMatch(/^[a-z]+(-[a-z]+)*$/);
    expect(mutant.description).toMatch(/^[A-Z`].{20,}\.$/);
    expect(mutant.rule).toBeGreaterThanOrEqual(1);
    expect(mutant.rule).toBeLessThanOrEqual(11);
  });

  test('a patch that no longer applies is named', () => {
    const [mutant] = mutants;
    expect(() => mutated(mutant!, () => 'export {};\n')).toThrow(`the mutant ${mutant!.name} does not apply to lambda/`);
  });
});

describe('what a simulation has found', () => {
  test('an invariant that it names catches the bug', () => {
    expect(findingOf(1, 'seeds 100 to 299\nseed 104, shrunk to:\na story\n\nviolated: acknowledged\n', 100)).toEqual({
      result: 'caught',
      invariant: 'acknowledged',
      runs: 5,
    });
  });

  test('the bug survives a simulation that is content', () => {
    expect(findingOf(0, '20,000 sequences\n', 1)).toEqual({ result: 'survived' });
  });

  test.each([
    ['crashes', 1, 'TypeError: x is not a function\n'],
    ['does not know its options', 2, 'violated: nothing, but what of it\n'],
    ['is killed, because it does not end', null, ''],
  ])('a simulation that %s has caught nothing', (_, status, output) => {
    expect(findingOf(status, output, 1).result).toBe('broken');
  });
});

describe('the table in the documentation', () => {
  const mutant = { name: 'forget-it', description: 'It is forgotten | lost.', rule: 7, diff: '' };
  const caught: Trial = { mutant, result: 'caught', invariant: 'never forgotten', runs: 3, seconds: 1, output: '' };
  const survived: Trial = { mutant, result: 'survived', seconds: 60, output: '' };

  test('replaces the one before, and nothing else', () => {
    const page = withTable('# Page\n<!-- mutants -->\nold\n<!-- /mutants -->\nThe end.\n', [survived]);
    expect(withTable(page, [caught, survived])).toBe(
      [
        '# Page',
        '<!-- mutants -->',
        '',
        '| Mutant | What is wrong | Rule | Caught by |',
        '| --- | --- | --- | --- |',
        '| `forget-it` | It is forgotten \\| lost. | 7 | never forgotten |',
        '| `forget-it` | It is forgotten \\| lost. | 7 | **survived** |',
        '',
        'caught 1/2.',
        '',
        '<!-- /mutants -->',
        'The end.',
        '',
      ].join('\n'),
    );
  });

  test('has to have a place', () => {
    expect(() => withTable('# Page\n', [caught])).toThrow('<!-- mutants -->');
  });

  test('the score counts what was caught', () => {
    expect(score([caught, survived, caught])).toBe('caught 2/3');
  });
});
