/* X25519 of one private key with many public keys, eight at a time. */
#ifndef BONGIN_X25519_H
#define BONGIN_X25519_H

#include <stddef.h>
#include <stdint.h>

enum { X25519_BYTES = 32, X25519_LANES = 8 };

/*
 * RFC 7748 section 5, exactly: the private key is clamped, bit 255 of a public key is ignored, and every u is taken, on the
 * curve or its twist, canonical or not. A result of all zeros (section 6.1) is the caller's to refuse. Takes the same time
 * and touches the same memory whatever the keys are. `shared` may not overlap `public_keys`. To be called only where the
 * processor has AVX-512 F, DQ and IFMA.
 */
void x25519_agree(const uint8_t private_key[X25519_BYTES], const uint8_t *public_keys, uint8_t *shared, size_t count);

#endif
