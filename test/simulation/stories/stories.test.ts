import { STORIES } from './stories';
import { programText } from '../program/story';
import { run } from '../simulate';

test.each(STORIES)('$name', async ({ program }) => {
  const { violations, story = [] } = await run(program, { tell: true });
  const told = violations.length > 0 ? [programText(program), '', ...story].join('\n') : '';
  expect(violations.map(({ invariant, what }) => `${invariant}: ${what}\n${told}`)).toEqual([]);
});
