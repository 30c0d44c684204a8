import type { CfnResource, IPostProcessor, IResolvable, IResolveContext } from 'aws-cdk-lib';
import { DefaultTokenResolver, Reference, ResolutionTypeHint, Stack, StringConcat, Tokenization } from 'aws-cdk-lib';
import { asOfAnotherStack, knownText } from '../synthesis/known-text';
import type { TemplateEntry } from '../synthesis/template-entry';

/**
 * As `knownText`, but a reference has the same mark in all stacks of the app: the role of a guarantee is the same role in the access
 * policy of another stack, although the two templates call it an attribute, an import, a parameter or an output.
 *
 * To be called when the tree is complete.
 */
export function symbolicText(stack: Stack, value: unknown): string {
  return withMarks(knownText(stack, resolved(stack, value)));
}

/**
 * A property as it stands in the template, aspects and overrides included, as `symbolicText`; `undefined`: there is none.
 *
 * @param reader the stack that compares the text with its own
 */
export function symbolicProperty(resource: CfnResource, name: string, reader: Stack): string | undefined {
  const stack = Stack.of(resource);
  const { Resources = {} } = resolved(stack, resource._toCloudFormation()) as { readonly Resources?: Record<string, TemplateEntry> };
  const value = Object.values(Resources)[0]?.Properties?.[name];
  if (value === undefined || value === null) return undefined;
  const text = knownText(stack, value);
  return withMarks(stack === reader ? text : asOfAnotherStack(text, stack));
}

function resolved(scope: Stack, value: unknown): unknown {
  return Tokenization.resolve(value, { scope, resolver: new NamedReferences(), preparing: false });
}

/** For a while instead of the marks of `knownText`, which mean something else in every stack. */
const BEGIN = '\uE003';
const END = '\uE004';

function withMarks(text: string): string {
  return text.split(BEGIN).join('\uE000').split(END).join('\uE001');
}

class NamedReferences extends DefaultTokenResolver {
  constructor() {
    super(new Joined());
  }

  public resolveToken(token: IResolvable, context: IResolveContext, postProcessor: IPostProcessor): unknown {
    return isOneValue(token) ? `${BEGIN}${nameOf(token)}${END}` : (super.resolveToken(token, context, postProcessor) as unknown);
  }
}

/** A pseudo parameter may be known, and a list is no text. */
function isOneValue(token: IResolvable): token is Reference {
  return Reference.isReference(token) && !token.displayName.startsWith('AWS::') && token.typeHint !== ResolutionTypeHint.STRING_LIST;
}

/** No two references have the same; without what separates the parts of an ARN or ends a JSON string. */
function nameOf({ target, displayName }: Reference): string {
  const escaped = (id: string) => id.replace(/[^A-Za-z0-9_-]/g, (character) => `%${character.codePointAt(0)!.toString(16)}`);
  const path = target.node.scopes.map(({ node }) => node.id).filter((id) => id !== '');
  const attribute = displayName === 'Ref' ? '' : `#${displayName}`;
  return `${path.map(escaped).join('.')}${attribute}`;
}

/** Of what only CloudFormation can make text from. */
class Joined extends StringConcat {
  public join(left: unknown, right: unknown): unknown {
    return left === undefined || right === undefined ? (left ?? right) : { 'Fn::Join': ['', [left, right]] };
  }
}
