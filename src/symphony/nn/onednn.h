// oneDNN, loaded when the first matrix product is asked for: it need not be linked, and what starts
// without a product does not wait for it. Include this instead of oneDNN's own headers; every C
// function of oneDNN that our sources reach needs its line here (the linker names a missing one).
// Only for sources of this floor.
#pragma once

#include <dnnl.h>

namespace symphony::nn {

// Throws Error (kInput) if oneDNN is not installed.
void* onednn_function(const char* name);

template <auto kFunction>
auto* loaded_onednn_function(const char* name) {
    static auto* const function = reinterpret_cast<decltype(kFunction)>(onednn_function(name));
    return function;
}

}  // namespace symphony::nn

// The name inside its own macro is not expanded again.
#define SYMPHONY_ONEDNN(name) (*::symphony::nn::loaded_onednn_function<&::name>(#name))
#define dnnl_engine_create SYMPHONY_ONEDNN(dnnl_engine_create)
#define dnnl_engine_destroy SYMPHONY_ONEDNN(dnnl_engine_destroy)
#define dnnl_get_effective_cpu_isa SYMPHONY_ONEDNN(dnnl_get_effective_cpu_isa)
#define dnnl_matmul_desc_init SYMPHONY_ONEDNN(dnnl_matmul_desc_init)
#define dnnl_memory_create SYMPHONY_ONEDNN(dnnl_memory_create)
#define dnnl_memory_desc_init_by_strides SYMPHONY_ONEDNN(dnnl_memory_desc_init_by_strides)
#define dnnl_memory_desc_init_by_tag SYMPHONY_ONEDNN(dnnl_memory_desc_init_by_tag)
#define dnnl_memory_destroy SYMPHONY_ONEDNN(dnnl_memory_destroy)
#define dnnl_memory_get_data_handle SYMPHONY_ONEDNN(dnnl_memory_get_data_handle)
#define dnnl_memory_get_engine SYMPHONY_ONEDNN(dnnl_memory_get_engine)
#define dnnl_memory_get_memory_desc SYMPHONY_ONEDNN(dnnl_memory_get_memory_desc)
#define dnnl_post_ops_append_sum SYMPHONY_ONEDNN(dnnl_post_ops_append_sum)
#define dnnl_post_ops_create SYMPHONY_ONEDNN(dnnl_post_ops_create)
#define dnnl_post_ops_destroy SYMPHONY_ONEDNN(dnnl_post_ops_destroy)
#define dnnl_primitive_attr_create SYMPHONY_ONEDNN(dnnl_primitive_attr_create)
#define dnnl_primitive_attr_destroy SYMPHONY_ONEDNN(dnnl_primitive_attr_destroy)
#define dnnl_primitive_attr_set_post_ops SYMPHONY_ONEDNN(dnnl_primitive_attr_set_post_ops)
#define dnnl_primitive_attr_set_scratchpad_mode \
    SYMPHONY_ONEDNN(dnnl_primitive_attr_set_scratchpad_mode)
#define dnnl_primitive_create SYMPHONY_ONEDNN(dnnl_primitive_create)
#define dnnl_primitive_desc_destroy SYMPHONY_ONEDNN(dnnl_primitive_desc_destroy)
#define dnnl_primitive_desc_iterator_create SYMPHONY_ONEDNN(dnnl_primitive_desc_iterator_create)
#define dnnl_primitive_desc_iterator_destroy SYMPHONY_ONEDNN(dnnl_primitive_desc_iterator_destroy)
#define dnnl_primitive_desc_iterator_fetch SYMPHONY_ONEDNN(dnnl_primitive_desc_iterator_fetch)
#define dnnl_primitive_desc_query_md SYMPHONY_ONEDNN(dnnl_primitive_desc_query_md)
#define dnnl_primitive_destroy SYMPHONY_ONEDNN(dnnl_primitive_destroy)
#define dnnl_primitive_execute SYMPHONY_ONEDNN(dnnl_primitive_execute)
#define dnnl_reorder_primitive_desc_create SYMPHONY_ONEDNN(dnnl_reorder_primitive_desc_create)
#define dnnl_sgemm SYMPHONY_ONEDNN(dnnl_sgemm)
#define dnnl_stream_create SYMPHONY_ONEDNN(dnnl_stream_create)
#define dnnl_stream_destroy SYMPHONY_ONEDNN(dnnl_stream_destroy)
#define dnnl_stream_wait SYMPHONY_ONEDNN(dnnl_stream_wait)

#include <oneapi/dnnl/dnnl.hpp>
