import { AccessStatement, accessStatement } from './statements';
import { parsePolicy } from '../../../src/policy/parse';
import { matchesPattern, wildcardPattern } from '../../../src/policy/pattern';
import { isObject, JsonObject } from '../../../src/policy/policy-json';
import { statementName } from '../../../src/policy/statement-name';
import { BackupVaultAccessProperties } from '../../../src/private/contract';
import { Stack } from '../../cloudformation/owner';
import { Refusal } from '../../cloudformation/refusal';
import { Properties } from '../../cloudformation/request';
import { parsePlace, Place } from '../place';

export interface AccessProperties {
  readonly place: Place;
  readonly statements: readonly AccessStatement[];
}

const LIST = 'must be a JSON list of at least one policy statement.';
const WRITING = 'backup:PutBackupVaultAccessPolicy';

/** @throws Refusal */
export function parseAccessProperties(properties: Properties, stack: Stack): AccessProperties {
  const place = parsePlace(properties, stack);
  const { Statements: text } = properties as Partial<Record<keyof BackupVaultAccessProperties, unknown>>;
  return { place, statements: parseStatements(String(text)) };
}

/** What an earlier template said, read without judging: earlier versions of this library may have allowed other shapes. */
export function readStatements({ Statements: text }: Properties): readonly AccessStatement[] {
  const list = jsonOf(String(text));
  return (Array.isArray(list) ? (list as unknown[]) : []).filter(isObject).map(accessStatement).filter(hasSid);
}

function parseStatements(text: string): readonly AccessStatement[] {
  const statements = parseList(text).map(accessStatement);
  const sids = statements.map(({ sid }) => sid);
  statements.forEach((statement, index) => {
    const { sid } = statement;
    const which = `\`statements\`: ${statementName(index)}`;
    if (!hasSid(statement)) {
      throw new Refusal(`${which} needs a \`Sid\` of letters and digits: statements are told apart in the vault's policy by it.`);
    }
    if (sids.indexOf(sid) !== index) throw new Refusal(`${which} has the \`Sid\` "${sid}" of another one. Give each its own.`);
    if (locksEverybodyOut(statement)) {
      throw new Refusal(
        `${which} ("${sid}") denies ${WRITING} to everyone, this function included: nobody could change or remove it again. Add a condition ` +
          'that exempts the function’s role (`blockRecoveryPointDeletion()` does so).',
      );
    }
  });
  return statements;
}

function parseList(text: string): readonly JsonObject[] {
  const list = jsonOf(text);
  if (!Array.isArray(list) || list.length === 0) throw new Refusal(`\`statements\` ${LIST}`);
  try {
    parsePolicy(`{"Statement":${text}}`, { requirePrincipal: true });
  } catch (error) {
    throw new Refusal(`\`statements\`: ${(error as Error).message}.`);
  }
  return list as readonly JsonObject[];
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function hasSid({ sid }: AccessStatement): boolean {
  return /^[A-Za-z0-9]+$/.test(sid);
}

/** Conditions are not judged: what they exempt, if anything, is known at the call only. */
function locksEverybodyOut({ json }: AccessStatement): boolean {
  const [statement] = parsePolicy(JSON.stringify({ Statement: [json] })).statements;
  if (!statement || statement.effect !== 'Deny' || statement.conditions.length > 0) return false;
  const { principal = [], action, notAction = [] } = statement;
  const names = (patterns: readonly string[]) => patterns.some((pattern) => matchesPattern(wildcardPattern(pattern), WRITING, true));
  return principal.some(({ kind }) => kind === 'everyone') && (action ? names(action) : !names(notAction));
}
