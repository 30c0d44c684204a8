/** Stands in for `@smithy/core/event-streams` in the bundle: no operation of Glacier or Backup streams events. */
export class EventStreamSerde {
  constructor() {
    throw new Error('event streams are not part of this bundle');
  }
}

export const eventStreamSerdeProvider = () => new EventStreamSerde();
