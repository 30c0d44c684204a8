import { CodeFolder } from './code-folder';
import { Credentials } from './environment';
import { FunctionRunner } from './function-runner';
import { FunctionStore } from './function-store';
import { Invoker } from './invoker';
import { createLambdaService } from './lambda-service';
import { FunctionInvoker } from '../cloudformation/resource-type';
import { LogStore } from '../logs/log-store';
import { AwsService } from '../server/service';
import { World } from '../server/world';

export interface LambdaOptions {
  /** Credentials with which a function's calls are recognised as its role's. */
  readonly credentialsForRole: (roleArn: string, sessionName: string) => Credentials;
  /** `node_modules` folders whose AWS SDK stands for the one that Lambda's runtime brings along. */
  readonly runtimeModules?: readonly string[];
  /** Where code is unpacked. @default - a new temporary folder */
  readonly folder?: string;
}

export interface Lambda {
  readonly services: readonly AwsService[];
  readonly invoker: FunctionInvoker;
  /** Stops what runs and removes the unpacked code. */
  close(): void;
}

export function createLambda(world: World, options: LambdaOptions): Lambda {
  const store = new FunctionStore(world);
  const code = new CodeFolder(store, options.runtimeModules, options.folder);
  const logs = new LogStore(world);
  const runner = new FunctionRunner({ world, code, logs, credentialsForRole: options.credentialsForRole });
  const invoker = new Invoker(world, store, runner);
  return {
    services: [createLambdaService(world, store, invoker)],
    invoker,
    close: () => {
      invoker.close();
      code.remove();
    },
  };
}
