import * as fs from 'node:fs';

/** What the endpoint and the functions that it runs took at most; 0 where the system does not tell (it needs Linux). */
export interface Memory {
  readonly endpointMb: number;
  /** Of all functions together, what several share counted once. */
  readonly functionsMb: number;
  readonly functions: number;
}

const INTERVAL_MS = 2_000;

/** Looks at a process and its children every two seconds. */
export class MemoryWatch {
  private most: Memory = { endpointMb: 0, functionsMb: 0, functions: 0 };
  private readonly timer: NodeJS.Timeout;

  constructor(private readonly pid: number) {
    this.timer = setInterval(() => this.look(), INTERVAL_MS);
  }

  /** The most since the last time. */
  take(): Memory {
    this.look();
    const { most } = this;
    this.most = { endpointMb: 0, functionsMb: 0, functions: 0 };
    return most;
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private look(): void {
    const children = read(`/proc/${this.pid}/task/${this.pid}/children`).split(' ').filter(Boolean);
    const functionsMb = children.map((child) => megabytes(`/proc/${child}/smaps_rollup`, 'Pss')).reduce((sum, mb) => sum + mb, 0);
    this.most = {
      endpointMb: Math.max(this.most.endpointMb, megabytes(`/proc/${this.pid}/status`, 'VmRSS')),
      functionsMb: Math.max(this.most.functionsMb, functionsMb),
      functions: Math.max(this.most.functions, children.length),
    };
  }
}

function megabytes(file: string, field: string): number {
  return Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(read(file))?.[1] ?? 0) / 1024;
}

/** Empty for a process that has ended meanwhile. */
function read(file: string): string {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
