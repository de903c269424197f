/*
 * The Montgomery ladder of RFC 7748 on eight public keys side by side, with the multipliers of 52 bits that AVX-512 IFMA
 * has. A number modulo p = 2^255 - 19 is five limbs of radix 2^51, each limb a vector of eight lanes.
 *
 * What always holds: a limb between two operations is "carried", below 2^51 + 2^18. So it fits the 52 bits that a multiplier
 * reads, no sum on the way reaches 2^64, and no lane ever touches another. No branch and no address hangs on a key.
 */
#include "x25519.h"

#include <immintrin.h>
#include <string.h>

enum { LIMBS = 5, RADIX = 51, LADDER_BITS = 255 };

#define LIMB_MASK ((UINT64_C(1) << RADIX) - 1)
/* (A - 2) / 4 of the curve. */
#define A24 121665

typedef __m512i lanes;
typedef struct { lanes limb[LIMBS]; } number;

#define INLINE static inline __attribute__((always_inline))

INLINE lanes all(uint64_t value) { return _mm512_set1_epi64((long long)value); }
INLINE lanes plus(lanes a, lanes b) { return _mm512_add_epi64(a, b); }
INLINE lanes times19(lanes a) { return _mm512_mullo_epi64(a, all(19)); }
/* Of the product of the low 52 bits of `a` and `b`, the low or the high 52 bits, added to `sum`. */
INLINE lanes add_low(lanes sum, lanes a, lanes b) { return _mm512_madd52lo_epu64(sum, a, b); }
INLINE lanes add_high(lanes sum, lanes a, lanes b) { return _mm512_madd52hi_epu64(sum, a, b); }

/* Any limbs below 2^64 to carried ones: a carry is below 2^13, and the topmost comes back 19 times. */
INLINE number carried(number a)
{
    number r;
    lanes carry[LIMBS];
    for (int i = 0; i < LIMBS; i++) {
        carry[i] = _mm512_srli_epi64(a.limb[i], RADIX);
        r.limb[i] = _mm512_and_si512(a.limb[i], all(LIMB_MASK));
    }
    r.limb[0] = plus(r.limb[0], times19(carry[LIMBS - 1]));
    for (int i = 1; i < LIMBS; i++) r.limb[i] = plus(r.limb[i], carry[i - 1]);
    return r;
}

INLINE number add(number a, number b)
{
    number r;
    for (int i = 0; i < LIMBS; i++) r.limb[i] = plus(a.limb[i], b.limb[i]);
    return carried(r);
}

/* 2p is added, whose limbs are larger than any carried one. */
INLINE number subtract(number a, number b)
{
    number r;
    for (int i = 0; i < LIMBS; i++) {
        const uint64_t limb_of_p = i == 0 ? LIMB_MASK - 18 : LIMB_MASK;
        r.limb[i] = _mm512_sub_epi64(plus(a.limb[i], all(2 * limb_of_p)), b.limb[i]);
    }
    return carried(r);
}

/* Ten columns of a product to a number: 2^255 is 19. A column is below 15 * 2^52, so no sum passes 2^61. */
INLINE number folded(const lanes column[2 * LIMBS])
{
    number r;
    for (int i = 0; i < LIMBS; i++) r.limb[i] = plus(column[i], times19(column[i + LIMBS]));
    return carried(r);
}

/*
 * A high half stands 52 bits above its low one, the next column only 51: high halves are added first and doubled, then the
 * low ones.
 */
INLINE number multiply(number a, number b)
{
    lanes column[2 * LIMBS];
    for (int i = 0; i < 2 * LIMBS; i++) column[i] = all(0);
    for (int i = 0; i < LIMBS; i++)
        for (int j = 0; j < LIMBS; j++) column[i + j + 1] = add_high(column[i + j + 1], a.limb[i], b.limb[j]);
    for (int i = 1; i < 2 * LIMBS; i++) column[i] = plus(column[i], column[i]);
    for (int i = 0; i < LIMBS; i++)
        for (int j = 0; j < LIMBS; j++) column[i + j] = add_low(column[i + j], a.limb[i], b.limb[j]);
    return folded(column);
}

/* As `multiply`; what stands twice in a square is added once and doubled. */
INLINE number square(number a)
{
    lanes column[2 * LIMBS];
    for (int i = 0; i < 2 * LIMBS; i++) column[i] = all(0);
    for (int i = 0; i < LIMBS; i++)
        for (int j = i + 1; j < LIMBS; j++) column[i + j + 1] = add_high(column[i + j + 1], a.limb[i], a.limb[j]);
    for (int i = 2; i < 2 * LIMBS - 1; i++) column[i] = plus(column[i], column[i]);
    for (int i = 0; i < LIMBS; i++) column[2 * i + 1] = add_high(column[2 * i + 1], a.limb[i], a.limb[i]);
    for (int i = 0; i < LIMBS; i++)
        for (int j = i + 1; j < LIMBS; j++) column[i + j] = add_low(column[i + j], a.limb[i], a.limb[j]);
    for (int i = 1; i < 2 * LIMBS; i++) column[i] = plus(column[i], column[i]);
    for (int i = 0; i < LIMBS; i++) column[2 * i] = add_low(column[2 * i], a.limb[i], a.limb[i]);
    return folded(column);
}

INLINE number times_a24(number a)
{
    number r;
    const lanes factor = all(A24);
    for (int i = 0; i < LIMBS; i++) r.limb[i] = add_low(all(0), a.limb[i], factor);
    for (int i = 0; i < LIMBS; i++) {
        const lanes high = add_high(all(0), a.limb[i], factor);
        const lanes doubled = plus(high, high);
        if (i == LIMBS - 1) r.limb[0] = plus(r.limb[0], times19(doubled));
        else r.limb[i + 1] = plus(r.limb[i + 1], doubled);
    }
    return carried(r);
}

static number squared_times(number a, int times)
{
    for (int i = 0; i < times; i++) a = square(a);
    return a;
}

/* a^(p - 2), zero for zero; a name says how many ones its exponent is in binary. */
static number inverse(number a)
{
    const number a2 = square(a);
    const number a9 = multiply(squared_times(a2, 2), a);
    const number a11 = multiply(a9, a2);
    const number ones5 = multiply(square(a11), a9);
    const number ones10 = multiply(squared_times(ones5, 5), ones5);
    const number ones20 = multiply(squared_times(ones10, 10), ones10);
    const number ones40 = multiply(squared_times(ones20, 20), ones20);
    const number ones50 = multiply(squared_times(ones40, 10), ones10);
    const number ones100 = multiply(squared_times(ones50, 50), ones50);
    const number ones200 = multiply(squared_times(ones100, 100), ones100);
    const number ones250 = multiply(squared_times(ones200, 50), ones50);
    return multiply(squared_times(ones250, 5), a11);
}

/* Exchanges the two where `mask` is all ones. */
INLINE void swap(__mmask8 mask, number *a, number *b)
{
    for (int i = 0; i < LIMBS; i++) {
        const lanes limb = a->limb[i];
        a->limb[i] = _mm512_mask_mov_epi64(limb, mask, b->limb[i]);
        b->limb[i] = _mm512_mask_mov_epi64(b->limb[i], mask, limb);
    }
}

/* The names are those of RFC 7748 section 5. */
static number ladder(const uint8_t scalar[X25519_BYTES], number x1)
{
    const number one = {{all(1), all(0), all(0), all(0), all(0)}};
    number x2 = one, z2 = {{all(0), all(0), all(0), all(0), all(0)}}, x3 = x1, z3 = one;
    unsigned swapped = 0;
    for (int t = LADDER_BITS - 1; t >= 0; t--) {
        const unsigned bit = (scalar[t / 8] >> (t % 8)) & 1;
        const __mmask8 mask = (__mmask8)(0 - (swapped ^ bit));
        swap(mask, &x2, &x3);
        swap(mask, &z2, &z3);
        swapped = bit;
        const number a = add(x2, z2), b = subtract(x2, z2), c = add(x3, z3), d = subtract(x3, z3);
        const number da = multiply(d, a), cb = multiply(c, b), aa = square(a), bb = square(b);
        const number e = subtract(aa, bb);
        x3 = square(add(da, cb));
        z3 = multiply(x1, square(subtract(da, cb)));
        x2 = multiply(aa, bb);
        z2 = multiply(e, add(aa, times_a24(e)));
    }
    /* The lowest three bits of a clamped scalar are zero, so that nothing is left swapped. */
    return multiply(x2, inverse(z2));
}

/* Little-endian, bit 255 left out; a u of p and more is the same as u - p, which needs no reduction here. */
static number read_lanes(uint8_t bytes[X25519_LANES][X25519_BYTES])
{
    uint64_t limbs[LIMBS][X25519_LANES];
    for (int lane = 0; lane < X25519_LANES; lane++) {
        uint64_t word[4];
        memcpy(word, bytes[lane], sizeof word);
        limbs[0][lane] = word[0] & LIMB_MASK;
        limbs[1][lane] = (word[0] >> 51 | word[1] << 13) & LIMB_MASK;
        limbs[2][lane] = (word[1] >> 38 | word[2] << 26) & LIMB_MASK;
        limbs[3][lane] = (word[2] >> 25 | word[3] << 39) & LIMB_MASK;
        limbs[4][lane] = word[3] >> 12 & LIMB_MASK;
    }
    number r;
    for (int i = 0; i < LIMBS; i++) r.limb[i] = _mm512_loadu_si512(limbs[i]);
    return r;
}

/* The least residue of one lane, little-endian. */
static void write_reduced(uint64_t limb[LIMBS], uint8_t bytes[X25519_BYTES])
{
    /* From carried limbs one round leaves a value below 2^255 + 2^6, a second one below 2^255. */
    for (int round = 0; round < 2; round++) {
        for (int i = 0; i < LIMBS - 1; i++) {
            limb[i + 1] += limb[i] >> RADIX;
            limb[i] &= LIMB_MASK;
        }
        limb[0] += 19 * (limb[4] >> RADIX);
        limb[4] &= LIMB_MASK;
    }
    /* 1 where the value is p or more, which is when adding 19 passes 2^255. */
    uint64_t carry = (limb[0] + 19) >> RADIX;
    for (int i = 1; i < LIMBS; i++) carry = (limb[i] + carry) >> RADIX;
    limb[0] += 19 * carry;
    for (int i = 0; i < LIMBS - 1; i++) {
        limb[i + 1] += limb[i] >> RADIX;
        limb[i] &= LIMB_MASK;
    }
    limb[4] &= LIMB_MASK;
    const uint64_t word[4] = {
        limb[0] | limb[1] << 51, limb[1] >> 13 | limb[2] << 38, limb[2] >> 26 | limb[3] << 25, limb[3] >> 39 | limb[4] << 12
    };
    memcpy(bytes, word, sizeof word);
}

static void write_lanes(number a, uint8_t bytes[X25519_LANES][X25519_BYTES])
{
    uint64_t limbs[LIMBS][X25519_LANES];
    for (int i = 0; i < LIMBS; i++) _mm512_storeu_si512(limbs[i], a.limb[i]);
    for (int lane = 0; lane < X25519_LANES; lane++) {
        uint64_t limb[LIMBS];
        for (int i = 0; i < LIMBS; i++) limb[i] = limbs[i][lane];
        write_reduced(limb, bytes[lane]);
    }
}

void x25519_agree(const uint8_t private_key[X25519_BYTES], const uint8_t *public_keys, uint8_t *shared, size_t count)
{
    uint8_t scalar[X25519_BYTES];
    memcpy(scalar, private_key, sizeof scalar);
    scalar[0] &= 248;
    scalar[31] = (scalar[31] & 127) | 64;
    for (size_t from = 0; from < count; from += X25519_LANES) {
        const size_t used = count - from < X25519_LANES ? count - from : X25519_LANES;
        /* Lanes that nobody uses multiply a zero. */
        uint8_t bytes[X25519_LANES][X25519_BYTES] = {{0}};
        memcpy(bytes, public_keys + from * X25519_BYTES, used * X25519_BYTES);
        write_lanes(ladder(scalar, read_lanes(bytes)), bytes);
        memcpy(shared + from * X25519_BYTES, bytes, used * X25519_BYTES);
    }
    explicit_bzero(scalar, sizeof scalar);
}
