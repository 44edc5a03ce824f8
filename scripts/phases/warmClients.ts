// Loads what every phase that asks servers needs, before it is needed: the official client and the schema compiler.
import {compileSchema} from '../lib/mcp/schemaCheck.ts'
import {loadSdk} from '../lib/mcp/secondOpinion.ts'

/** For a step that waits for its turn; it changes nothing. */
export async function warmClients(): Promise<void> {
  compileSchema({type: 'object'})
  compileSchema({type: 'object'}, {skipsMetaSchema: true})
  await loadSdk()
}
