import { performance } from 'node:perf_hooks';

/** One line of the final table. */
export interface Step {
  readonly phase: string;
  readonly what: string;
  readonly expected: string;
  readonly seen: string;
  readonly ok: boolean;
  readonly seconds: number;
}

/** What a step saw, and whether that is what had to be seen. */
export interface Finding {
  readonly seen: string;
  readonly ok: boolean;
}

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];

/** Tells the story while it happens: a moving line on a terminal, plain lines in a log. */
export class Progress {
  readonly steps: Step[] = [];
  private readonly live = process.stdout.isTTY === true;

  heading(text: string): void {
    this.line(`\n${text}`);
  }

  line(text: string): void {
    process.stdout.write(`${text}\n`);
  }

  async step(phase: string, what: string, expected: string, work: () => Promise<Finding>): Promise<void> {
    const started = performance.now();
    const stop = this.spin(`${phase} ${what}`);
    const { seen, ok } = await work().catch((error: unknown) => ({ seen: firstLine(error), ok: false }));
    const seconds = (performance.now() - started) / 1000;
    stop();
    this.steps.push({ phase, what, expected, seen, ok, seconds });
    this.line(`${ok ? '✓' : '✗'} ${phase} ${what}: ${seen} (${seconds.toFixed(1)} s)`);
    if (!ok) this.line(`    expected: ${expected}`);
  }

  /** The final table; true when every step saw what it had to see. */
  table(): boolean {
    const columns: readonly (readonly [string, (step: Step) => string])[] = [
      ['', (step) => (step.ok ? '✓' : '✗')],
      ['step', (step) => `${step.phase} ${step.what}`],
      ['expected', (step) => step.expected],
      ['seen', (step) => step.seen],
    ];
    const rows = [columns.map(([title]) => title), ...this.steps.map((step) => columns.map(([, cell]) => cell(step)))];
    const widths = columns.map((_, at) => Math.max(...rows.map((row) => row[at]!.length)));
    const render = (row: readonly string[]) =>
      row
        .map((cell, at) => cell.padEnd(widths[at]!))
        .join('  ')
        .trimEnd();
    this.line('');
    rows.forEach((row, at) => {
      this.line(render(row));
      if (at === 0) this.line(widths.map((width) => '─'.repeat(width)).join('  '));
    });
    const failed = this.steps.filter((step) => !step.ok).length;
    this.line(`\n${this.steps.length - failed} of ${this.steps.length} steps as expected`);
    return failed === 0;
  }

  private spin(text: string): () => void {
    if (!this.live) return () => {};
    let frame = 0;
    const draw = () => process.stdout.write(`\r\x1b[K${FRAMES[frame++ % FRAMES.length]} ${text}`);
    draw();
    const timer = setInterval(draw, 80);
    return () => {
      clearInterval(timer);
      process.stdout.write('\r\x1b[K');
    };
  }
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n', 1)[0]!;
}
