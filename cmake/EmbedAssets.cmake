# embed_assets(TARGET NAMESPACE FILE...)
# Compiles text files into TARGET as std::string_view constants of the C++ namespace: page.css becomes page_css. Source: own.
function(embed_assets target namespace)
    set(generated ${CMAKE_CURRENT_BINARY_DIR}/${target}_assets.cpp)
    set(inputs)
    foreach(file ${ARGN})
        list(APPEND inputs ${CMAKE_CURRENT_SOURCE_DIR}/${file})
    endforeach()
    add_custom_command(
        OUTPUT ${generated}
        COMMAND ${CMAKE_COMMAND} "-DINPUTS=${inputs}" -DOUTPUT=${generated} -DNAMESPACE=${namespace}
                -P ${PROJECT_SOURCE_DIR}/cmake/EmbedAssetsScript.cmake
        DEPENDS ${inputs} ${PROJECT_SOURCE_DIR}/cmake/EmbedAssetsScript.cmake
        COMMENT "Embedding ${ARGN}" VERBATIM)
    target_sources(${target} PRIVATE ${generated})
endfunction()
