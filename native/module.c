/*
 * The door to `x25519.c` from JavaScript (Node-API 8). The module is one function, or null where the processor lacks what it
 * needs:
 *
 *   agree(privateKey: Uint8Array, publicKeys: Uint8Array, shared: Uint8Array): void
 *
 * 32 bytes, and 32 for each public key and each result. Throws a TypeError for anything else; keeps nothing between calls.
 */
#define NAPI_VERSION 8
#include <node_api.h>

#include "x25519.h"

enum { ARGUMENTS = 3 };

typedef struct { uint8_t *bytes; size_t length; } view;

static int read_view(napi_env env, napi_value value, view *to)
{
    napi_typedarray_type type;
    void *bytes = NULL;
    if (napi_get_typedarray_info(env, value, &type, &to->length, &bytes, NULL, NULL) != napi_ok) return 0;
    to->bytes = bytes;
    return type == napi_uint8_array;
}

static int overlap(view a, view b)
{
    return a.bytes < b.bytes + b.length && b.bytes < a.bytes + a.length;
}

static napi_value agree(napi_env env, napi_callback_info info)
{
    napi_value arguments[ARGUMENTS];
    size_t count = ARGUMENTS;
    view private_key, public_keys, shared;
    const int read = napi_get_cb_info(env, info, &count, arguments, NULL, NULL) == napi_ok && count == ARGUMENTS &&
        read_view(env, arguments[0], &private_key) && read_view(env, arguments[1], &public_keys) && read_view(env, arguments[2], &shared);
    if (!read || private_key.length != X25519_BYTES || public_keys.length % X25519_BYTES != 0 || public_keys.length != shared.length ||
        overlap(public_keys, shared)) {
        napi_throw_type_error(env, NULL, "agree takes a private key of 32 bytes, whole public keys and as much room for the results");
        return NULL;
    }
    x25519_agree(private_key.bytes, public_keys.bytes, shared.bytes, public_keys.length / X25519_BYTES);
    return NULL;
}

/* Asks the processor, and whether the system that runs on it keeps registers that wide. */
static int is_supported(void)
{
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512ifma");
}

NAPI_MODULE_INIT()
{
    (void)exports;
    napi_value module;
    if (is_supported()) napi_create_function(env, "agree", NAPI_AUTO_LENGTH, agree, NULL, &module);
    else napi_get_null(env, &module);
    return module;
}
