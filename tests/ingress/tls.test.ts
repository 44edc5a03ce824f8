import assert from 'node:assert/strict'
import {spawnSync} from 'node:child_process'
import {mkdtemp, readFile, rm} from 'node:fs/promises'
import https from 'node:https'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {test} from 'node:test'
import {copies, startIngress, startUpstream} from './harness.ts'

const skip = spawnSync('openssl', ['version']).status !== 0 && 'openssl makes the certificate'

test('A1 with a certificate the ingress speaks TLS, and tells the server so', {skip}, async t => {
  const folder = await mkdtemp(join(tmpdir(), 'tls-'))
  t.after(() => rm(folder, {recursive: true}))
  const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')]
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost']
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1']
  const made = spawnSync('openssl', [
    'req',
    '-x509',
    '-nodes',
    '-days',
    '2',
    ...curve,
    '-keyout',
    key,
    '-out',
    certificate,
    ...subject,
  ])
  assert.equal(made.status, 0, String(made.stderr))
  const upstream = await startUpstream(t, (request, response) => response.end(request.headers['x-forwarded-proto']))
  const ingress = await startIngress(t, {tls: {certificate, key}})
  await ingress.writeRoutes(
    JSON.stringify({
      version: 1,
      release: 'r',
      servers: {memory: {endpoint: '/mcp', copies: copies(['a', upstream.url, 'active'])}},
    }),
  )
  const ca = await readFile(certificate)
  const ask = () =>
    new Promise<{status?: number; text: string}>((resolve, reject) => {
      const options = {host: 'localhost', port: ingress.port, path: '/memory/mcp', ca, agent: false}
      https
        .get(options, response => {
          let text = ''
          response.on('data', chunk => (text += chunk))
          response.on('end', () => resolve({status: response.statusCode, text}))
        })
        .on('error', reject)
    })
  let answer = await ask()
  for (let tries = 0; answer.status === 404 && tries < 100; tries++) answer = await ask()
  assert.deepEqual(answer, {status: 200, text: 'https'})
})
