// DiffRows: the diff of one file as lines for a view: hunk headers, and lines with their sign and numbers.
// Pure values, any thread.
#pragma once

#include "core/node/api/values.h"

#include <vector>

namespace muster {

enum class DiffRowKind : std::uint8_t { Hunk, Context, Added, Removed, Note };

struct DiffRow {
    DiffRowKind kind = DiffRowKind::Context;
    int oldLine = 0; // 0: not on this side
    int newLine = 0;
};

struct DiffRows {
    std::vector<DiffRow> rows; // one for each line of `text`
    QString text;              // with the sign as each line's first character: + - or a space
    std::vector<int> hunks;    // rows of the headers
    int lastLine = 0;          // the highest line number, for the width of the gutter
};

[[nodiscard]] DiffRows diffRowsOf(const api::FileChange &file);

} // namespace muster
