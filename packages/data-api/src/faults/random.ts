// Random numbers that a seed repeats.
import { wholeNumber } from "../schema.ts";

export const SEED_MAX = 2 ** 32 - 1;

export const seedSchema = wholeNumber(0, SEED_MAX);

/**
 * sfc32, "small fast counting", by Chris Doty-Humphrey: it and its seeding are those of his PractRand, which is in the
 * public domain. https://pracrand.sourceforge.net/RNG_engines.txt
 */
export class Random {
  #a = 0;
  #b: number;
  #c: number;
  #counter = 1;

  /** @param stream numbers of the same seed that have nothing to do with each other */
  constructor(seed: number, stream: number) {
    this.#b = seed;
    this.#c = stream;
    for (let round = 0; round < 12; round++) this.next();
  }

  /** From 0, below 1. */
  next(): number {
    const out = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + out) | 0;
    return (out >>> 0) / 2 ** 32;
  }
}
