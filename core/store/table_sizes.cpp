#include "core/store/table_sizes.h"

namespace muster {

using namespace Qt::StringLiterals;

namespace {

// Full text indexes keep their data in tables of their own; people know them by the index's name.
QString withoutShadowSuffix(const QString &table)
{
    for (const auto suffix : {"_data"_L1, "_idx"_L1, "_docsize"_L1, "_config"_L1}) {
        if (table.endsWith(u"_search"_s + suffix))
            return table.chopped(suffix.size());
    }
    return table;
}

// A full text index has none: its texts are in other tables. Names are the schema's own.
Result<std::optional<qint64>> rowsOf(Connection &db, const QString &table)
{
    if (table.endsWith("_search"_L1))
        return std::nullopt;
    return db.value<qint64>(u"SELECT count(*) FROM \"%1\""_s.arg(table));
}

auto fields(TableSize &size) { return std::tie(size.table, size.bytes); }

} // namespace

Result<std::vector<TableSize>> tableSizes(Connection &db)
{
    auto raw = db.rows<TableSize>(fields, u"SELECT coalesce(s.tbl_name, d.name), sum(d.pgsize) FROM dbstat d "
                                          "LEFT JOIN sqlite_schema s ON s.name = d.name "
                                          "WHERE d.aggregate = TRUE GROUP BY 1"_s);
    if (!raw) {
        // A SQLite without dbstat can only say how large the whole is.
        return db.rows<TableSize>(
            fields, u"SELECT 'store', page_count * page_size FROM pragma_page_count, pragma_page_size"_s);
    }
    QHash<QString, qint64> sums;
    for (const TableSize &size : *raw)
        sums[withoutShadowSuffix(size.table)] += size.bytes;
    std::vector<TableSize> sizes;
    for (const auto &[table, bytes] : std::as_const(sums).asKeyValueRange()) {
        const auto rows = rowsOf(db, table);
        if (!rows)
            return std::unexpected(rows.error());
        sizes.push_back({.table = table, .rows = *rows, .bytes = bytes});
    }
    std::ranges::sort(sizes, [](const TableSize &a, const TableSize &b) {
        return std::tie(b.bytes, a.table) < std::tie(a.bytes, b.table);
    });
    return sizes;
}

} // namespace muster
