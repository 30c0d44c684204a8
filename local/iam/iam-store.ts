import { awsManagedDocument } from './aws-managed-policies';
import { secretFor } from './credentials';
import { Entities } from './entities';
import { alreadyExists, noSuchEntity } from './errors';
import { documentsInForce } from './grant';
import { IamAccount, partitionless } from './iam-account';
import type { IamAccountOptions } from './iam-account';
import { ManagedPolicies } from './managed-policies';
import type { AccessKey, Entity, InstanceProfile, Role } from './records';
import type { EvaluationRequest, PolicyDocument } from '../../src/policy';
import { parsePolicy } from '../../src/policy';
import { lookUp } from '../server/look-up';
import { AwsError } from '../server/service';

/** The account's IAM as it stands in the state slice `iam`. */
export class IamStore {
  readonly accountId: string;
  readonly entities: Entities;
  readonly policies: ManagedPolicies;
  private readonly account: IamAccount;

  constructor(options: IamAccountOptions) {
    this.accountId = options.accountId;
    this.account = new IamAccount(options);
    this.policies = new ManagedPolicies(this.account);
    this.entities = new Entities(this.account, this.policies);
  }

  /** The role of that ARN in whatever partition, if this account has it. */
  roleOf(roleArn: string): Role | undefined {
    const role = this.entities.find('role', roleArn.slice(roleArn.lastIndexOf('/') + 1));
    return role && partitionless(role.arn) === partitionless(roleArn) ? role : undefined;
  }

  /** The user of that ARN in whatever partition, if this account has it. */
  userOf(userArn: string): Entity | undefined {
    const user = this.entities.find('user', userArn.slice(userArn.lastIndexOf('/') + 1));
    return user && partitionless(user.arn) === partitionless(userArn) ? user : undefined;
  }

  /** Whether the role or user of that ARN was here and has been deleted. */
  wasDeleted(arn: string): boolean {
    return lookUp(this.account.data.deleted, partitionless(arn)) === true;
  }

  /** What the entity's own policies, and those of its groups, say to the request now. */
  identityPolicies(entity: Entity, request: EvaluationRequest): PolicyDocument[] {
    const groups = (entity.groups ?? []).flatMap((name) => this.entities.find('group', name) ?? []);
    return [entity, ...groups].flatMap(({ inline, attached }) => [
      ...Object.values(inline).flatMap((grant) => documentsInForce(grant, request, this.account.now)),
      ...Object.entries(attached).flatMap(([arn, since]) => this.attachedPolicy(arn, since, request)),
    ]);
  }

  /** The entity's permissions boundary, or `undefined` when it has none. One that is not known allows nothing. */
  boundary(entity: Entity, request: EvaluationRequest): PolicyDocument[] | undefined {
    return entity.boundary === undefined ? undefined : this.attachedPolicy(entity.boundary, 0, request);
  }

  createAccessKey(userName: string, status = 'Active'): AccessKey {
    this.entities.get('user', userName);
    const id = this.account.newId('AKIA');
    const key: AccessKey = { id, secret: secretFor(id), userName, status };
    this.account.data.accessKeys[id] = key;
    this.account.changed();
    return key;
  }

  setAccessKeyStatus(id: string, status: string): AccessKey {
    const key = lookUp(this.account.data.accessKeys, id);
    if (!key) throw noSuchEntity('Access Key', id);
    key.status = status;
    this.account.changed();
    return key;
  }

  deleteAccessKey(id: string): void {
    const key = lookUp(this.account.data.accessKeys, id);
    if (key) key.status = 'Deleted';
    this.account.changed();
  }

  /** The ARN of the user that owns the key. @throws AwsError InvalidClientTokenId when the key is not active (any more) */
  readonly userArnOf = (accessKeyId: string): string | undefined => {
    const key = lookUp(this.account.data.accessKeys, accessKeyId);
    if (key && key.status !== 'Active') {
      throw new AwsError('InvalidClientTokenId', 'The security token included in the request is invalid.', 403);
    }
    return key && this.entities.find('user', key.userName)?.arn;
  };

  findInstanceProfile(name: string): InstanceProfile | undefined {
    return lookUp(this.account.data.instanceProfiles, name);
  }

  createInstanceProfile(name: string, path: string, roles: readonly string[], partition?: string): InstanceProfile {
    if (this.findInstanceProfile(name)) throw alreadyExists('Instance Profile', name);
    const profile = { name, arn: this.account.arn(`instance-profile${path}${name}`, partition), roles: [...roles] };
    this.account.data.instanceProfiles[name] = profile;
    this.account.changed();
    return profile;
  }

  setInstanceProfileRoles(name: string, roles: readonly string[]): InstanceProfile {
    const profile = this.findInstanceProfile(name);
    if (!profile) throw noSuchEntity('instance profile', name);
    profile.roles = [...roles];
    this.account.changed();
    return profile;
  }

  deleteInstanceProfile(name: string): void {
    delete this.account.data.instanceProfiles[name];
    this.account.changed();
  }

  private attachedPolicy(arn: string, since: number, request: EvaluationRequest): PolicyDocument[] {
    if (since > this.account.now) return [];
    const policy = this.policies.find(arn);
    if (policy) return documentsInForce(policy.grant, request, this.account.now);
    const document = awsManagedDocument(arn);
    return document === undefined ? [] : [parsePolicy(document)];
  }
}
