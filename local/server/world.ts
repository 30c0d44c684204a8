import type { Clock } from './clock';
import type { AwsRequest, Caller } from './service';

/** One service's part of the persistent state: plain JSON, mutated in place and then reported as changed. */
export interface StateStore {
  /** Bytes that do not belong into JSON (archives, assets), kept by name in the state folder. */
  readonly blobs: BlobStore;
  /** The slice called `name`; `initial()` makes it when the state folder has none. The same object at every call. */
  slice<T extends object>(name: string, initial: () => T): T;
  /** Call after each mutation; the state reaches the disk soon and at the latest when the endpoint stops. */
  changed(): void;
}

export interface BlobStore {
  put(name: string, content: Buffer): void;
  get(name: string): Buffer | undefined;
  delete(name: string): void;
}

/** Every operation of every service runs through the gate: it keeps the call log and injects the faults that were asked for. */
export interface OperationGate {
  /**
   * Runs `effect` as `operation` of the request's service. May throw an AwsError (before or after the effect), wait, or drop the
   * connection, as `/_local/faults` says.
   */
  run<T>(request: AwsRequest, operation: string, effect: () => Promise<T> | T): Promise<T>;
  /** Milliseconds that a fault of `delayMs` asks for where nothing is called, e.g. `('iam', 'grant')`; uses the fault up by one. */
  delay(service: string, operation: string): number;
}

export interface AccessRequest {
  readonly caller: Caller;
  /** `service:Operation` */
  readonly action: string;
  readonly resource: string;
  /** Condition keys of the request; absent keys are absent. */
  readonly context?: Readonly<Record<string, string | readonly string[]>>;
  /** JSON documents attached to the resource. */
  readonly resourcePolicies?: readonly string[];
  /** The account that owns the resource; default: the caller's. */
  readonly resourceAccount?: string;
}

export interface Authoriser {
  /** Throws AwsError `AccessDeniedException` (403) in AWS's words unless the request is allowed. */
  authorise(request: AccessRequest): void;
}

/** What all services share. */
export interface World {
  readonly accountId: string;
  readonly clock: Clock;
  readonly state: StateStore;
  readonly gate: OperationGate;
  readonly iam: Authoriser;
  /** `http://127.0.0.1:<port>` once the server listens. */
  readonly endpoint: () => string;
  /** Switches for behaviour that AWS does not document; see docs/local-endpoint.md. */
  readonly switches: Readonly<Record<string, string>>;
}
