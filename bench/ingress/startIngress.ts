// Starts the ingress as a release has it, bundled into one file, in front of servers that run already.
import {writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {bundle} from '../../scripts/lib/release/bundle.ts'
import {inRepository} from '../child/repository.ts'
import {temporaryFolder} from '../child/temporaryFolder.ts'
import {type Listener, startListener} from './startListener.ts'

/** `servers` are base URLs by name; each is reached at `/<name>`. */
export async function startIngress(servers: Readonly<Record<string, string>>): Promise<Listener> {
  await using cleanUp = new AsyncDisposableStack()
  const {path: folder} = cleanUp.use(temporaryFolder())
  const at = (name: string) => join(folder, name)
  const copies = (url: string) => [{id: 'a', url, state: 'active'}]
  const routes = Object.fromEntries(
    Object.entries(servers).map(([name, url]) => [name, {endpoint: '/mcp', copies: copies(url)}]),
  )
  writeFileSync(at('ingress.mjs'), await bundle(inRepository('ingress/main.ts')))
  writeFileSync(at('routes.json'), JSON.stringify({version: 1, release: 'bench', servers: routes}))
  const about = {fleet: 'bench', environment: 'bench', instance: 'bench', release: 'bench'}
  const files = {routes: at('routes.json'), status: at('status.json')}
  const listen = {host: '127.0.0.1', port: 0}
  writeFileSync(at('config.json'), JSON.stringify({listen, hosts: ['127.0.0.1'], ...about, ...files}))
  const ingress = cleanUp.use(
    await startListener([process.execPath, at('ingress.mjs'), at('config.json')], said => {
      const port = /"event":"listening".*?"port":(\d+)/.exec(said)?.[1]
      return port === undefined || !said.includes('"routes applied"') ? undefined : Number(port)
    }),
  )
  const started = cleanUp.move()
  return {...ingress, [Symbol.asyncDispose]: () => started.disposeAsync()}
}
