// What tokens cost, in US dollars.
import type {ModelConfig} from '../config/schema.ts'

export type Tokens = {input: number; output: number}

type Prices = Pick<ModelConfig, 'inputCostPerMillionTokens' | 'outputCostPerMillionTokens'>

/** The cost in US dollars, rounded to a billionth of a cent so that sums of binary fractions read as people write them. */
export function costOf(model: Prices, {input, output}: Tokens): number {
  const millionths = input * model.inputCostPerMillionTokens + output * model.outputCostPerMillionTokens
  return Number((millionths / 1_000_000).toFixed(11))
}

/** `$0.00`, `$0.0125`, `$1.50`: at least cents, and as many digits more as it takes. */
export function dollarText(cost: number): string {
  const digits = cost.toFixed(11).replace(/0+$/, '')
  const [whole = '0', fraction = ''] = digits.split('.')
  return `$${whole}.${fraction.padEnd(2, '0')}`
}

/**
 * Tokens that texts will need, rather too many than too few: a third of their UTF-8 bytes, and a few for each text's frame.
 * English needs about a quarter of its bytes, Chinese about a third.
 */
export function estimateTokens(texts: string[]): number {
  return texts.reduce((sum, text) => sum + 4 + Math.ceil(Buffer.byteLength(text) / 3), 0)
}
