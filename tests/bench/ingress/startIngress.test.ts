// Proves that what is measured really goes through an ingress of its own, which is gone afterwards, and through nginx where there is one.
import assert from 'node:assert/strict'
import {test} from 'node:test'
import {inRepository} from '../../../bench/child/repository.ts'
import {startIngress} from '../../../bench/ingress/startIngress.ts'
import {startListener} from '../../../bench/ingress/startListener.ts'
import {findNginx, startNginx} from '../../../bench/ingress/startNginx.ts'

const startBare = () =>
  startListener([process.execPath, inRepository('bench/ingress/bareServer.mjs')], said =>
    said.endsWith('\n') ? Number(said) : undefined,
  )

test('C13 the ingress passes on to the server, and ends with the measure', async () => {
  await using bare = await startBare()
  let port = 0
  {
    await using ingress = await startIngress({bare: `http://127.0.0.1:${bare.port}`})
    port = ingress.port
    assert.equal(await (await fetch(`http://127.0.0.1:${port}/bare/`)).text(), '{"ok":true}')
    assert.equal((await fetch(`http://127.0.0.1:${port}/other/`)).status, 404)
  }
  await assert.rejects(fetch(`http://127.0.0.1:${port}/bare/`))
})

const nginx = findNginx(process.env.PATH ?? '')

test('C13 nginx passes on to the server, and ends with the measure', {
  skip: nginx === undefined && 'there is no nginx here',
}, async () => {
  await using bare = await startBare()
  let port = 0
  {
    await using proxy = await startNginx(nginx ?? '', {bare: `http://127.0.0.1:${bare.port}`})
    port = proxy.port
    assert.equal(await (await fetch(`http://127.0.0.1:${port}/bare/`)).text(), '{"ok":true}')
  }
  await assert.rejects(fetch(`http://127.0.0.1:${port}/bare/`))
})

test('C13 a program that ends at once is told with what it said', async () => {
  const argv = [process.execPath, '-e', 'console.error("no such thing"); process.exit(3)'] as const
  await assert.rejects(
    startListener(argv, () => undefined),
    /ended with exit code 3: no such thing/,
  )
})
