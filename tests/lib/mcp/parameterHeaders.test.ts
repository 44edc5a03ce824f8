import assert from 'node:assert/strict'
import {test} from 'node:test'
import {encodeHeaderValue, parameterHeaders} from '../../../scripts/lib/mcp/parameterHeaders.ts'

test('plain ASCII stays, everything else is Base64 in its sentinel', () => {
  assert.equal(encodeHeaderValue('us-west 1'), 'us-west 1')
  assert.equal(encodeHeaderValue('Grüße'), `=?base64?${Buffer.from('Grüße').toString('base64')}?=`)
  for (const odd of ['', ' lead', 'trail ', 'a\nb', '=?base64?YQ==?=']) {
    const encoded = encodeHeaderValue(odd)
    assert.match(encoded, /^=\?base64\?[A-Za-z0-9+/]*=*\?=$/, JSON.stringify(odd))
    assert.equal(Buffer.from(encoded.slice(9, -2), 'base64').toString(), odd)
  }
})

test('marked arguments become headers at any depth; absent, null and compound ones do not', () => {
  const marked = (type: string, name: string) => ({type, 'x-mcp-header': name})
  const schema = {
    type: 'object',
    properties: {
      region: marked('string', 'Region'),
      count: marked('integer', 'Count'),
      dry: marked('boolean', 'Dry'),
      missing: marked('string', 'Missing'),
      empty: marked('string', 'Empty'),
      list: marked('string', 'List'),
      bad: marked('string', 'not a token'),
      huge: marked('integer', 'Huge'),
      inner: {type: 'object', properties: {tenant: marked('string', 'Tenant')}},
    },
  }
  const values = {
    region: 'eu',
    count: 3,
    dry: false,
    empty: null,
    list: ['a'],
    bad: 'x',
    huge: 2 ** 60,
    inner: {tenant: 't'},
  }
  assert.deepEqual(parameterHeaders(schema, values), {
    'Mcp-Param-Region': 'eu',
    'Mcp-Param-Count': '3',
    'Mcp-Param-Dry': 'false',
    'Mcp-Param-Tenant': 't',
  })
  assert.deepEqual(parameterHeaders(undefined, values), {})
})
