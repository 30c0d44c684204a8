import { Stack } from 'aws-cdk-lib';
import { AIR_GAPPED_VAULT, backupLockOf, BACKUP_VAULT, type BackupLock } from './backup-lock';
import { isAbsent, isObject, policyTextOf } from './template-value';
import { backupVaultArn, glacierVaultArn } from './vault-place';
import { requireRoleOrUser } from '../glacier/roles-and-users';
import { LockStages, ResourceTypes } from '../private/contract';
import { isKnown, knownText } from '../synthesis/known-text';
import type { TemplateEntry } from '../synthesis/template-entry';

/** A lock that a template makes. Texts are `knownText`. */
export interface TemplateLock {
  readonly logicalId: string;
  readonly vaultName: string;
  readonly vaultArn: string;
  /** Access policies that the template gives to the vault; a mark stands for what cannot be read before the deployment. */
  readonly accessPolicies: readonly string[];
  /** Of a Glacier vault; `undefined`: it cannot be read before the deployment. */
  readonly policy?: string;
  /** Of a backup vault. */
  readonly backup?: BackupLock;
}

export interface TemplateEnvironment {
  readonly account?: string;
  readonly region?: string;
}

const PRINCIPALS = ['AWS::IAM::Role', 'AWS::IAM::User'];

interface Resource extends TemplateEntry {
  readonly Type?: unknown;
}

type Resources = readonly (readonly [logicalId: string, resource: Resource])[];

/** A template apart from its app. */
export class TemplateLocks {
  private readonly resources: Resources;

  constructor(
    template: { readonly [section: string]: unknown },
    private readonly env: TemplateEnvironment,
  ) {
    this.resources = Object.entries((template.Resources ?? {}) as { readonly [logicalId: string]: Resource });
  }

  public all(): TemplateLock[] {
    return this.resources.flatMap(([logicalId, { Type, Properties = {} }]) => {
      const isGlacier = Type === ResourceTypes.GLACIER_VAULT_LOCK && Properties.Stage !== LockStages.ABORT;
      const backup = backupLockOf(String(Type), Properties);
      if (!isGlacier && !backup) return [];
      const name = Properties.VaultName ?? Properties.BackupVaultName;
      return [
        isGlacier ? this.glacierLock(logicalId, name, Properties.Policy) : { ...this.backupLock(logicalId, name, Properties), backup },
      ];
    });
  }

  /**
   * The ARN that the template's references to a role or user mean; an ARN is what it is.
   *
   * @param property what the principal was given as, for messages
   * @throws if it is neither: a slip in a logical id would otherwise be a principal whom no policy knows
   */
  public arnOf(property: string, principal: string): string {
    const { account, region } = this.env;
    const [, resource] = this.resources.find(([logicalId]) => logicalId === principal) ?? [];
    if (resource && PRINCIPALS.includes(String(resource.Type))) {
      return knownText(this.stack(account, region), { 'Fn::GetAtt': [principal, 'Arn'] });
    }
    if (!String(principal).startsWith('arn:')) {
      throw new Error(
        `\`${property}\` must be the ARN of a role or user, or the logical id of one that the template defines, got: '${principal}'. ` +
          'Find its logical id with `stack.resolve(role.roleArn)`.',
      );
    }
    requireRoleOrUser(property, principal);
    return principal;
  }

  private glacierLock(logicalId: string, name: unknown, given: unknown): TemplateLock {
    const stack = this.stackOf('glacier', given);
    return {
      logicalId,
      vaultName: knownText(stack, name),
      vaultArn: glacierVaultArn(stack, name),
      policy: policyTextOf(stack, given),
      accessPolicies: this.textsOf(stack, name, 'VaultName', [ResourceTypes.GLACIER_VAULT], ({ AccessPolicy }) => AccessPolicy),
    };
  }

  private backupLock(logicalId: string, name: unknown, { VaultRegion, VaultAccount }: NonNullable<Resource['Properties']>): TemplateLock {
    const stack = this.stackOf('backup', undefined);
    const statements = this.textsOf(stack, name, 'VaultName', [ResourceTypes.BACKUP_VAULT_ACCESS], ({ Statements }) => Statements, '[');
    return {
      logicalId,
      vaultName: knownText(stack, name),
      vaultArn: backupVaultArn(stack, name, { region: VaultRegion, account: VaultAccount }),
      accessPolicies: [
        ...this.textsOf(stack, name, 'BackupVaultName', [BACKUP_VAULT, AIR_GAPPED_VAULT], ({ AccessPolicy }) => AccessPolicy),
        ...statements.map((list) => `{"Version":"2012-10-17","Statement":${list}}`),
      ],
    };
  }

  private textsOf(
    stack: Stack,
    vaultName: unknown,
    nameProperty: string,
    types: readonly string[],
    valueOf: (properties: NonNullable<Resource['Properties']>) => unknown,
    begin = '{',
  ): string[] {
    return this.resources.flatMap(([logicalId, { Type, Properties = {} }]) => {
      const isMeant = knownText(stack, Properties[nameProperty]) === knownText(stack, vaultName) || refersTo(vaultName, logicalId);
      const value = valueOf(Properties);
      if (!types.includes(String(Type)) || !isMeant || isAbsent(value)) return [];
      return [policyTextOf(stack, value, begin) ?? knownText(stack, value)];
    });
  }

  /** Where the template does not say where it goes, the policy may: a vault's ARN with an account in it is of no other one. */
  private stackOf(service: 'glacier' | 'backup', policy: unknown): Stack {
    const agnostic = this.stack(this.env.account, this.env.region);
    const text = policy === undefined ? '' : (policyTextOf(agnostic, policy) ?? '');
    const arns = [...text.matchAll(new RegExp(`"arn:[^:"]*:${service}:([^:"]*):([^:"]*):`, 'g'))];
    const [region, account] = [only(arns.map((arn) => arn[1]!)), only(arns.map((arn) => arn[2]!))];
    return this.stack(this.env.account ?? account, this.env.region ?? region);
  }

  /** Of no app: only to say what is known. */
  private stack(account: string | undefined, region: string | undefined): Stack {
    return new Stack(undefined, 'Template', { env: { account, region } });
  }
}

/** What they all are, if that is a literal. */
function only(texts: readonly string[]): string | undefined {
  const [text, ...others] = new Set(texts);
  return text !== undefined && others.length === 0 && isKnown(text) && /^[a-z0-9-]+$/.test(text) ? text : undefined;
}

function refersTo(value: unknown, logicalId: string): boolean {
  return isObject(value) && value.Ref === logicalId;
}
