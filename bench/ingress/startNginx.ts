// Starts nginx as a proxy of the same servers: one worker, kept connections, and nothing buffered, as streams need it.
import {existsSync, mkdirSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {freePorts} from '../../scripts/lib/target/freePorts.ts'
import {temporaryFolder} from '../child/temporaryFolder.ts'
import {type Listener, startListener} from './startListener.ts'

// Debian keeps it where only an administrator's shell looks.
const usual = ['/usr/sbin', '/usr/local/sbin']

/** Path of the program; undefined where this machine has none. */
export function findNginx(searchPath: string): string | undefined {
  return [...searchPath.split(':'), ...usual].map(folder => join(folder, 'nginx')).find(path => existsSync(path))
}

/** `servers` are base URLs by name; each is reached at `/<name>`. */
export async function startNginx(program: string, servers: Readonly<Record<string, string>>): Promise<Listener> {
  await using cleanUp = new AsyncDisposableStack()
  const {path: folder} = cleanUp.use(temporaryFolder())
  const [port = 0] = await freePorts(1)
  mkdirSync(join(folder, 'temporary'))
  writeFileSync(join(folder, 'nginx.conf'), configuration(servers, port))
  const nginx = cleanUp.use(
    await startListener([program, '-p', folder, '-c', 'nginx.conf', '-e', 'stderr'], said =>
      said.includes('start worker process ') ? port : undefined,
    ),
  )
  const started = cleanUp.move()
  return {...nginx, [Symbol.asyncDispose]: () => started.disposeAsync()}
}

function configuration(servers: Readonly<Record<string, string>>, port: number): string {
  const all = Object.entries(servers)
  // One for each connection of the load, and none for longer than a Node server keeps it (5 s), or a call now and then gets 502.
  const kept = 'keepalive 128; keepalive_timeout 3s;'
  const upstreams = all.map(([name, url]) => `upstream ${name} {server ${new URL(url).host}; ${kept}}`)
  const locations = all.map(([name]) => `location /${name}/ {proxy_pass http://${name}/;}`)
  const folders = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    name => `${name}_temp_path temporary/${name};`,
  )
  return [
    'daemon off; worker_processes 1; pid nginx.pid; error_log stderr notice;',
    'events {worker_connections 4096;}',
    'http {access_log off; tcp_nodelay on; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_buffering off;',
    ...folders,
    ...upstreams,
    `server {listen 127.0.0.1:${port}; keepalive_requests 1000000; ${locations.join(' ')}}`,
    '}\n',
  ].join('\n')
}
