# embed_files(TARGET SYMBOL GLOB...) links files into TARGET as the array
#   const struct embedded_file SYMBOL[]  (bot/base/embed.h), closed by an entry without a name.
function(embed_files target symbol)
  if(NOT TARGET ${target})
    return()
  endif()
  get_target_property(type ${target} TYPE)
  if(type STREQUAL "INTERFACE_LIBRARY")
    return()
  endif()
  set(files)
  foreach(pattern ${ARGN})
    file(GLOB found CONFIGURE_DEPENDS ${pattern})
    list(APPEND files ${found})
  endforeach()
  list(SORT files)
  set(out ${CMAKE_BINARY_DIR}/embedded/${symbol}.c)
  add_custom_command(OUTPUT ${out}
    COMMAND ${CMAKE_COMMAND} -DOUT=${out} -DSYMBOL=${symbol} "-DFILES=${files}" -P ${CMAKE_SOURCE_DIR}/cmake/embed-script.cmake
    DEPENDS ${files} ${CMAKE_SOURCE_DIR}/cmake/embed-script.cmake VERBATIM)
  target_sources(${target} PRIVATE ${out})
endfunction()
