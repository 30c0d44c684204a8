import * as childProcess from 'node:child_process';
import { EventEmitter } from 'node:events';
import * as fs from 'node:fs';
import { PassThrough } from 'node:stream';
import { startSandbox } from '../../../local/lambda/sandbox';

jest.mock('node:child_process', () => ({ ...jest.requireActual<typeof childProcess>('node:child_process'), spawn: jest.fn() }));

const ANSWER = `${JSON.stringify({ ready: true })}\n${JSON.stringify({ answer: { failed: false, payload: '"done"', maxMemoryKb: 1 } })}\n`;

/** A process that has no group to be killed, and whose end and output arrive when the test says so. */
class ScriptedChild extends EventEmitter {
  readonly pid = undefined;
  readonly stdio = [new PassThrough(), new PassThrough(), new PassThrough(), new PassThrough()] as const;
  readonly stdin = this.stdio[0];
}

function sandboxOf(child: ScriptedChild) {
  jest.mocked(childProcess.spawn).mockReturnValue(child as unknown as childProcess.ChildProcess);
  const limits = { initLimitMs: 30_000, timeoutMs: 30_000, killAfterMs: 0 };
  return startSandbox({ arguments: [], environment: {}, folder: '/', input: '', ...limits }, () => {});
}

/** As much other work does. */
function keepThisProcessBusy(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

describe('the end of a function', () => {
  test('its answer counts although its end was seen first, and then nothing for longer than output is waited for', async () => {
    const child = new ScriptedChild();
    const { ended } = sandboxOf(child);
    // Node.js may learn of the end of a process before it reads what that wrote: the output is ready, and the timers come before it.
    fs.stat('/', () => child.stdio[3].write(ANSWER));
    child.emit('exit', null, 'SIGKILL');
    keepThisProcessBusy(300);

    expect(await ended).toMatchObject({ kind: 'answered', answer: { payload: '"done"' } });
  });

  test('without an answer it has exited, also when something holds its output open', async () => {
    const child = new ScriptedChild();
    const { ended } = sandboxOf(child);
    child.emit('exit', null, 'SIGKILL');
    expect(await ended).toMatchObject({ kind: 'exited', cause: 'Error: Runtime exited with error: signal: killed' });
  });
});
