import assert from 'node:assert/strict'
import {test} from 'node:test'
import {hostMatches, hostName, originAllowed} from '../../ingress/hostRule.ts'

test('the name of a Host header loses its port and its case', () => {
  assert.equal(hostName('Example.ORG:8700'), 'example.org')
  assert.equal(hostName('[::1]:8700'), '[::1]')
  assert.equal(hostName('[::1]'), '[::1]')
  assert.equal(hostName(undefined), '')
})

test('A1 what is no host is never taken for an allowed one', () => {
  const headers = [
    '127.0.0.1:1@evil.example',
    'localhost@evil.example',
    'localhost:80:80',
    'localhost/x',
    'localhost, evil',
  ]
  for (const header of [...headers, 'localhost:x', '[::1', 'local host', '127.0.0.1#', '']) {
    assert.equal(hostName(header), '', header)
  }
})

test('A1 a wildcard stands for names below, not for the name itself nor for one that only ends alike', () => {
  const hosts = ['localhost', '*.example.org']
  for (const name of ['localhost', 'a.example.org', 'a.b.example.org']) assert.ok(hostMatches(name, hosts), name)
  for (const name of ['', 'example.org', '.example.org.evil', 'badexample.org', 'localhost.evil']) {
    assert.ok(!hostMatches(name, hosts), name)
  }
})

test('an Origin must be absent, listed, or that of the host that was asked', () => {
  const origins = ['https://app.example.org']
  const allowed = (origin?: string) => originAllowed(origin, 'localhost:8700', origins)
  assert.ok(allowed(undefined))
  assert.ok(allowed('https://app.example.org'))
  assert.ok(allowed('http://localhost:8700'))
  for (const origin of [
    'http://evil.example',
    'http://localhost:1',
    'null',
    'http://localhost:8700.evil',
    'x://localhost:8700',
    '',
  ]) {
    assert.ok(!allowed(origin), origin)
  }
})
