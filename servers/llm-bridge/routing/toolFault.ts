// A call that cannot be done, in words for the caller; tools answer it as a result with isError.

export class ToolFault extends Error {}
