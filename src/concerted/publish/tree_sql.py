"""The tree of each framework as SQL, for laws: written against the tables alone, not with the code that made them."""

from concerted.model.tables import ALL, UNCLASSIFIED

#: For `WITH RECURSIVE`: `nodes`, every node with each that stands above it, itself and the whole included.
NODES = f"""
    up AS (
        SELECT framework_id, node_id, node_id AS up_node, parent_id FROM core_node
        UNION ALL SELECT up.framework_id, up.node_id, n.node_id, n.parent_id
        FROM up JOIN core_node AS n ON n.framework_id = up.framework_id AND n.node_id = up.parent_id),
    nodes AS (
        SELECT framework_id, node_id, up_node FROM up
        UNION ALL SELECT framework_id, node_id, '{ALL}' FROM core_node
        UNION ALL SELECT framework_id, '{UNCLASSIFIED}', '{UNCLASSIFIED}' FROM core_framework)"""
