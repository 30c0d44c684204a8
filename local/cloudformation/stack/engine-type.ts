import type { Properties, ResourceResult, ResourceScope, ResourceType } from '../resource-type';

/** What the engine tells the types that belong to it, beyond what every type gets. */
export interface EngineScope extends ResourceScope {
  /** Fires when another resource has failed and nobody waits for this one any more. */
  readonly signal: AbortSignal;
  /** The deployment keeps what succeeded when something fails. */
  readonly disableRollback: boolean;
  /** Tells the physical id before the work is done. */
  initiated(physicalId: string): void;
}

/** A resource type that knows more than the seam asks for; every `ResourceType` is one. */
export interface EngineResourceType extends ResourceType {
  /** Set by types whose provider decides about replacement, in the event's words. They hear of the rollback of a replacement, too. */
  readonly replacementReason?: string;
  create(properties: Properties, scope: EngineScope): Promise<ResourceResult>;
  update(physicalId: string, properties: Properties, previous: Properties, scope: EngineScope): Promise<ResourceResult>;
  delete(physicalId: string, properties: Properties, scope: EngineScope): Promise<void>;
  /** The way back of a type that has its own; otherwise an update with old and new properties swapped. */
  rollback?(physicalId: string, properties: Properties, previous: Properties, scope: EngineScope): Promise<ResourceResult>;
  /** Called in the cleanup phase of an update that has succeeded as a whole. */
  commit?(physicalId: string, scope: EngineScope): Promise<void>;
  /** The form in which the type gets its properties and in which they are compared. */
  normalise?(properties: Properties): Properties;
}

/** A failure about which more is known than its reason. */
export class ResourceFailure extends Error {
  /**
   * @param physicalId the id that the failed request answered or was given.
   * @param untouched nothing was sent or changed, so there is nothing to take back.
   */
  constructor(
    message: string,
    readonly physicalId?: string,
    readonly untouched = false,
  ) {
    super(message);
  }
}
