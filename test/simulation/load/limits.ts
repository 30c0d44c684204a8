/** A quota of AWS, and what a template has of it. */
export interface Usage {
  readonly what: string;
  readonly seen: number;
  readonly most: number;
}

interface Resource {
  readonly Type: string;
  readonly Properties?: { readonly [property: string]: unknown };
}

interface Template {
  readonly Resources: { readonly [logicalId: string]: Resource };
  readonly Outputs?: { readonly [name: string]: unknown };
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html: a template in S3. */
const TEMPLATE_BYTES = 1024 * 1024;
const RESOURCES = 500;
const OUTPUTS = 200;
/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html: all of a role together; spaces do not count. */
const INLINE_POLICY_CHARACTERS = 10_240;
const MANAGED_POLICY_CHARACTERS = 6_144;
/** For a name or ARN that only CloudFormation knows: more than those of this library's stacks have. */
const UNKNOWN_TEXT = 'x'.repeat(200);

/** What a template takes of the quotas that a big stack meets. @param text the template as it is uploaded */
export function usageOf(text: string): Usage[] {
  const { Resources, Outputs = {} } = JSON.parse(text) as Template;
  const ofType = (type: string) => Object.values(Resources).filter((resource) => resource.Type === type);
  const managed = ofType('AWS::IAM::ManagedPolicy').map(({ Properties }) => characters(Properties?.PolicyDocument));
  return [
    { what: 'template, bytes', seen: Buffer.byteLength(text), most: TEMPLATE_BYTES },
    { what: 'resources', seen: Object.keys(Resources).length, most: RESOURCES },
    { what: 'outputs', seen: Object.keys(Outputs).length, most: OUTPUTS },
    { what: 'inline policies of a role, characters', seen: Math.max(0, ...inlinePolicies(Resources)), most: INLINE_POLICY_CHARACTERS },
    { what: 'a managed policy, characters', seen: Math.max(0, ...managed), most: MANAGED_POLICY_CHARACTERS },
  ];
}

export function exceeded(usages: readonly Usage[]): Usage[] {
  return usages.filter(({ seen, most }) => seen > most);
}

/** Of each role, those that it brings along and those that are attached to it. */
function inlinePolicies(resources: Template['Resources']): number[] {
  const attached = Object.values(resources).filter(({ Type }) => Type === 'AWS::IAM::Policy');
  return Object.entries(resources)
    .filter(([, { Type }]) => Type === 'AWS::IAM::Role')
    .map(([logicalId, { Properties }]) => {
      const own = (Properties?.Policies ?? []) as readonly { readonly PolicyDocument: unknown }[];
      const others = attached.filter((policy) =>
        (policy.Properties?.Roles as unknown[] | undefined)?.some((role) => refersTo(role, logicalId)),
      );
      const documents = [...own.map(({ PolicyDocument }) => PolicyDocument), ...others.map((policy) => policy.Properties?.PolicyDocument)];
      return documents.map(characters).reduce((sum, count) => sum + count, 0);
    });
}

function refersTo(value: unknown, logicalId: string): boolean {
  return (value as { Ref?: string } | null)?.Ref === logicalId;
}

function characters(document: unknown): number {
  return JSON.stringify(withTexts(document) ?? null).length;
}

/** The document with a long text wherever CloudFormation has one to fill in. */
function withTexts(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withTexts);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value);
  const [name, argument] = members[0] ?? [];
  if (members.length === 1 && name === 'Fn::Join') {
    const [delimiter, parts] = argument as [string, unknown[]];
    return parts.map((part) => String(withTexts(part))).join(delimiter);
  }
  if (members.length === 1 && (name === 'Ref' || name?.startsWith('Fn::'))) {
    return name === 'Ref' && argument === 'AWS::Partition' ? 'aws-us-gov' : UNKNOWN_TEXT;
  }
  return Object.fromEntries(members.map(([key, member]) => [key, withTexts(member)]));
}
