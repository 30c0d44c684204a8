/**
 * The request is understood and cannot be fulfilled as things are. The message is for the person who deploys: it names the
 * property, the rule, the value and the way out.
 */
export class Refusal extends Error {}
