import * as ts from 'typescript';

export interface Instrumented {
  /** The source with a note at every row. No line has moved. */
  readonly text: string;
  /** Their names, readable: where the row is, and its verdict. */
  readonly rows: readonly string[];
}

type AnyFunction = ts.FunctionDeclaration | ts.ArrowFunction;

/** One way to a verdict. `whole` may have other ways in it: then `node` is the branch that makes the difference. */
interface Row {
  readonly node: ts.Expression;
  readonly whole: ts.Expression;
  readonly choice?: ts.ConditionalExpression;
}

/**
 * Finds the rows of a decide table: every expression that a function of the file can return as a verdict, each branch of a condition on its
 * own. A verdict is what has a type alias in the file whose members all have a `do`. What only builds the verdict it is told to build
 * (`refuse`, `steps`) is no row, but each use of it; what only passes the question on (`return decideDeletion(situation)`) is none either.
 *
 * @param file as it is to be shown
 * @param runtime the module specifier of `rows.ts`
 */
export function instrument(file: string, source: string, runtime: string): Instrumented {
  const tree = ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true);
  const functions = functionsIn(tree).filter(givesVerdict(tree));
  const builders = functions.filter(isBuilder);
  const deciders = functions.filter((candidate) => !builders.includes(candidate));
  const passesOn = namesOf(deciders.filter(ts.isFunctionDeclaration));
  const rows = deciders
    .flatMap(returned)
    .filter((leaf) => !(ts.isCallExpression(leaf) && passesOn.includes(leaf.expression.getText())))
    .flatMap(rowsIn)
    .sort((a, b) => a.node.pos - b.node.pos);
  const names = distinct(rows.map((row) => `${file}:${lineOf(tree, row.node)} ${shown(row)}`));
  const head = `import { rowsOf as __rowsOf } from ${JSON.stringify(runtime)}; const __row = __rowsOf(${JSON.stringify(names)}); `;
  return { text: head + noted(source, rows), rows: names };
}

function functionsIn(tree: ts.SourceFile): AnyFunction[] {
  const found: AnyFunction[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionDeclaration(node) || ts.isArrowFunction(node)) found.push(node);
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return found;
}

function givesVerdict(tree: ts.SourceFile): (candidate: AnyFunction) => boolean {
  const verdicts = tree.statements.filter((node) => ts.isTypeAliasDeclaration(node) && membersOf(node.type).every(hasDo));
  const names = verdicts.map((node) => (node as ts.TypeAliasDeclaration).name.text);
  return ({ type }) => type !== undefined && names.includes(type.getText().replace(/^readonly |\[\]$/g, ''));
}

function membersOf(type: ts.TypeNode): readonly ts.TypeNode[] {
  return ts.isUnionTypeNode(type) ? type.types : [type];
}

function hasDo(type: ts.TypeNode): boolean {
  return ts.isTypeLiteralNode(type) && type.members.some((member) => member.name?.getText() === 'do');
}

function isBuilder(candidate: AnyFunction): boolean {
  const [leaf, ...others] = returned(candidate);
  return leaf !== undefined && others.length === 0 && ts.isObjectLiteralExpression(leaf);
}

/** What a function can return, its conditional expressions taken apart. */
function returned({ body }: AnyFunction): ts.Expression[] {
  if (!body) return [];
  if (!ts.isBlock(body)) return leavesOf(body);
  const found: ts.Expression[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node)) return;
    if (ts.isReturnStatement(node) && node.expression) found.push(...leavesOf(node.expression));
    else ts.forEachChild(node, visit);
  };
  visit(body);
  return found;
}

/** Of a list of verdicts each element counts. */
function leavesOf(node: ts.Expression): ts.Expression[] {
  if (ts.isParenthesizedExpression(node) || ts.isAsExpression(node) || ts.isSpreadElement(node)) return leavesOf(node.expression);
  if (ts.isConditionalExpression(node)) return [...leavesOf(node.whenTrue), ...leavesOf(node.whenFalse)];
  return ts.isArrayLiteralExpression(node) ? node.elements.flatMap(leavesOf) : [node];
}

/** `refuse(late ? 'tooLate' : 'notYet')` has two rows. */
function rowsIn(leaf: ts.Expression): Row[] {
  const choice = partsOf(leaf).find(ts.isConditionalExpression);
  if (!choice) return [{ node: leaf, whole: leaf }];
  return [choice.whenTrue, choice.whenFalse].map((node) => ({ node, whole: leaf, choice }));
}

function partsOf(leaf: ts.Expression): readonly ts.Expression[] {
  if (ts.isCallExpression(leaf)) return leaf.arguments;
  if (!ts.isObjectLiteralExpression(leaf)) return [];
  return leaf.properties.flatMap((property) => (ts.isPropertyAssignment(property) ? [property.initializer] : []));
}

function namesOf(functions: readonly ts.FunctionDeclaration[]): string[] {
  return functions.flatMap(({ name }) => name?.text ?? []);
}

function lineOf(tree: ts.SourceFile, node: ts.Node): number {
  return tree.getLineAndCharacterOfPosition(node.getStart()).line + 1;
}

const MAX_SHOWN = 70;

function shown({ node, whole, choice }: Row): string {
  const text = choice ? whole.getText().replace(choice.getText(), () => node.getText()) : whole.getText();
  const line = text.replace(/\s+/g, ' ');
  return line.length > MAX_SHOWN ? `${line.slice(0, MAX_SHOWN)}…` : line;
}

function distinct(names: readonly string[]): string[] {
  return names.map((name, index) => {
    const before = names.slice(0, index).filter((other) => other === name).length;
    return before === 0 ? name : `${name} (${before + 1})`;
  });
}

function noted(source: string, rows: readonly Row[]): string {
  return rows.reduceRight((text, { node }, index) => {
    const [start, end] = [node.getStart(), node.end];
    return `${text.slice(0, start)}__row(${index}, ${text.slice(start, end)})${text.slice(end)}`;
  }, source);
}
