; Tags of YAML: what a tool or another place refers to. Jobs of workflows, services of Compose, resources of
; Kubernetes, paths and schemas of OpenAPI, and anchors.

((block_mapping_pair
    key: (flow_node (plain_scalar (string_scalar) @_group))
    value: (block_node (block_mapping (block_mapping_pair key: (flow_node [
      (plain_scalar (string_scalar) @name)
      (double_quote_scalar) @name
      (single_quote_scalar) @name])) @definition.job)))
  (#eq? @_group "jobs")
  (#set! trim "'\""))
((block_mapping_pair
    key: (flow_node (plain_scalar (string_scalar) @_group))
    value: (block_node (block_mapping (block_mapping_pair key: (flow_node [
      (plain_scalar (string_scalar) @name)
      (double_quote_scalar) @name
      (single_quote_scalar) @name])) @definition.service)))
  (#eq? @_group "services")
  (#set! trim "'\""))
((block_mapping_pair
    key: (flow_node (plain_scalar (string_scalar) @_group))
    value: (block_node (block_mapping (block_mapping_pair key: (flow_node [
      (plain_scalar (string_scalar) @name)
      (double_quote_scalar) @name
      (single_quote_scalar) @name])) @definition.schema)))
  (#eq? @_group "schemas")
  (#set! trim "'\""))
((block_mapping_pair
    key: (flow_node (plain_scalar (string_scalar) @_group))
    value: (block_node (block_mapping (block_mapping_pair key: (flow_node [
      (plain_scalar (string_scalar) @name)
      (double_quote_scalar) @name
      (single_quote_scalar) @name])) @definition.path)))
  (#eq? @_group "paths")
  (#match? @name "^['\"]?/")
  (#set! trim "'\""))
((block_mapping_pair
    key: (flow_node (plain_scalar (string_scalar) @_group))
    value: (block_node (block_mapping (block_mapping_pair
      key: (flow_node (plain_scalar (string_scalar) @_key))
      value: (flow_node [
        (plain_scalar (string_scalar) @name)
        (double_quote_scalar) @name
        (single_quote_scalar) @name])) @definition.resource)))
  (#eq? @_group "metadata")
  (#eq? @_key "name")
  (#set! trim "'\""))
((anchor (anchor_name) @name) @definition.anchor (#set! once-in file))

((block_mapping_pair
    key: (flow_node (plain_scalar (string_scalar) @_key))
    value: [
      (flow_node (plain_scalar (string_scalar) @name @reference.job))
      (flow_node (flow_sequence (flow_node (plain_scalar (string_scalar) @name @reference.job))))
      (block_node (block_sequence (block_sequence_item
        (flow_node (plain_scalar (string_scalar) @name @reference.job)))))])
  (#eq? @_key "needs"))
((block_mapping_pair
    key: (flow_node (plain_scalar (string_scalar) @_key))
    value: [
      (block_node (block_sequence (block_sequence_item
        (flow_node (plain_scalar (string_scalar) @name @reference.service)))))
      (block_node (block_mapping (block_mapping_pair
        key: (flow_node (plain_scalar (string_scalar) @name @reference.service)))))])
  (#eq? @_key "depends_on"))
(alias (alias_name) @name) @reference.anchor
