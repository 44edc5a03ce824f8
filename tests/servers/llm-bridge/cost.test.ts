// What tokens cost: the sums themselves, and llm_cost with nothing listening anywhere.
import assert from 'node:assert/strict'
import {test} from 'node:test'
import fc from 'fast-check'
import {costOf, dollarText, estimateTokens} from '../../../servers/llm-bridge/routing/cost.ts'
import {callTool, hybridConfig, type Json, nowhere, startBridge} from './rig.ts'

const prices = (input: number, output: number) => ({
  inputCostPerMillionTokens: input,
  outputCostPerMillionTokens: output,
})

test('D4 free is 0 for any number of tokens, paid is computed and grows with each token', () => {
  const tokens = fc.nat(10_000_000)
  fc.assert(fc.property(tokens, tokens, (input, output) => costOf(prices(0, 0), {input, output}) === 0))
  fc.assert(
    fc.property(tokens, tokens, (input, output) => {
      const cost = costOf(prices(2.5, 10), {input, output})
      const more = costOf(prices(2.5, 10), {input: input + 1, output})
      return more > cost && Math.abs(cost - (input * 2.5 + output * 10) / 1e6) < 1e-9
    }),
  )
  assert.equal(costOf(prices(0.1, 0.2), {input: 1_000_000, output: 1_000_000}), 0.3)
})

test('D4 dollars are written without loss and without noise', () => {
  assert.deepEqual([0, 0.0125, 1.5, 0.00002, 12].map(dollarText), ['$0.00', '$0.0125', '$1.50', '$0.00002', '$12.00'])
})

test('estimated tokens are rather too many than too few', () => {
  assert.equal(estimateTokens(['a'.repeat(300)]), 104)
  assert.ok(estimateTokens(['漢'.repeat(100)]) >= 100)
  assert.equal(estimateTokens([]), 0)
})

test('D4 llm_cost: free is 0, paid is computed, cheapest, cheapest within budget; offline', async t => {
  const bridge = await startBridge(t, hybridConfig(nowhere, nowhere))
  const million = {input_tokens: 1_000_000, output_tokens: 1_000_000}

  const all = await callTool(bridge, 'llm_cost', {...million, task: 'chat', max_cost: 1})
  assert.deepEqual(
    all.value.estimates.map((item: Json) => [item.model_id, item.cost, item.free, item.within_budget]),
    [
      ['llama3.1:8b', 0, true, true],
      ['gpt-4o-mini', 0.75, false, true],
      ['gpt-4o', 12.5, false, false],
    ],
  )
  assert.equal(all.value.cheapest.model_id, 'llama3.1:8b')
  assert.equal(all.value.currency, 'USD')
  assert.equal(all.text, 'Cost: cheapest is ollama_local/llama3.1:8b ($0.00) of 3')

  const paid = await callTool(bridge, 'llm_cost', {
    ...million,
    task: 'chat',
    provider_id: 'openai_cloud',
    max_cost: 0.5,
  })
  assert.equal(paid.value.cheapest.model_id, 'gpt-4o-mini')
  assert.equal(paid.value.cheapest_within_budget, null)

  const one = await callTool(bridge, 'llm_cost', {input_tokens: 1000, output_tokens: 1000, model_id: 'gpt-4o'})
  assert.equal(one.value.estimates.length, 1)
  assert.equal(one.value.cheapest_within_budget.cost, 0.0125)

  const unknown = await callTool(bridge, 'llm_cost', {input_tokens: 1, model_id: 'gpt-9'})
  assert.equal(unknown.isError, true)
  assert.match(unknown.text, /Unknown model "gpt-9". Known models: llama3\.1:8b, nomic-embed-text, gpt-4o/)
})
