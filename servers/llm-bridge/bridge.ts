// Everything that the tools and endpoints work with, made once at start and passed on.
import type {Settings} from './config/environment.ts'
import type {BridgeConfig} from './config/schema.ts'
import type {Log} from './log.ts'
import type {Metrics} from './metrics.ts'
import type {Registry} from './providers/registry.ts'

export type Bridge = {
  config: BridgeConfig
  settings: Settings
  registry: Registry
  metrics: Metrics
  log: Log
  redact: (text: string) => string
  /** Aborted when the bridge stops waiting for calls in flight: they answer that it is stopping. */
  stopping: AbortSignal
}
