import { Invocation } from './invocation';
import { Request } from './request';
import { askPhase, askStanding, unlessRollback } from './rollback';
import { Outcome } from './serve';
import { StackPhase, Standing, Stacks } from './stack-phase';
import { Calls } from '../aws/calls';

/** The work on one request for one resource. */
export abstract class ResourceRequest<S extends { readonly stacks: Stacks }> {
  protected readonly calls: Calls;

  constructor(
    protected readonly services: S,
    protected readonly request: Request,
    protected readonly invocation: Invocation,
  ) {
    this.calls = new Calls(invocation);
  }

  async handle(): Promise<Outcome> {
    return this.request.type === 'Delete' ? this.remove() : this.put();
  }

  /** Carries out a Delete. */
  abstract remove(): Promise<Outcome>;

  protected async put(): Promise<Outcome> {
    return unlessRollback(
      this.request,
      async () => this.phase(),
      async () => this.converge(),
      async (note) => this.asItIs(note),
    );
  }

  /** Carries out a Create or an Update. */
  protected abstract converge(): Promise<Outcome>;

  /** Reports what is there, for a rollback that cannot restore it. */
  protected abstract asItIs(note: string): Promise<Outcome>;

  protected async phase(): Promise<StackPhase | undefined> {
    return askPhase(this.services.stacks, this.calls, this.request);
  }

  protected async standing(): Promise<Standing | undefined> {
    return askStanding(this.services.stacks, this.calls, this.request);
  }

  /** What is made for the stack now would stay, because nobody would ask to have it removed. */
  protected isUnwanted(standing: Standing): boolean {
    return standing === 'over' || standing === 'deletion' || (standing === 'rollback' && this.request.type === 'Create');
  }
}
