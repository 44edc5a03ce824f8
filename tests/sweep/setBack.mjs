// Loaded into a step by NODE_OPTIONS=--import: its clock is $CLOCK_HOURS off, as after someone set it.
const offMs = Number(process.env.CLOCK_HOURS) * 3_600_000
const Real = Date
globalThis.Date = class extends Real {
  constructor(...given) {
    if (given.length === 0) super(Real.now() + offMs)
    else super(...given)
  }
  static now() {
    return Real.now() + offMs
  }
}
