// DiffSyntax: what the parts of a diff's lines are in the file's language, found line by line as far as a
// view needs it. Each hunk begins afresh, and the two sides go on each with its own state. A language is
// chosen by the file's name; unknown ones stay plain. GUI thread.
#pragma once

#include "ui/docks/changes/diff_colors.h"
#include "ui/docks/changes/diff_rows.h"

#include <QList>

#include <memory>

namespace muster {

struct CodeSpan {
    int start = 0; // in the line, after the sign
    int length = 0;
    CodeRole role = CodeRole::Plain;
};

class DiffSyntax {
public:
    DiffSyntax();
    ~DiffSyntax();

    void setFile(const QString &path);
    [[nodiscard]] bool isPlain() const;
    // Lines must come in order; `text` without the sign.
    [[nodiscard]] QList<CodeSpan> next(const DiffRow &row, const QString &text);

private:
    class Reader;
    std::unique_ptr<Reader> m_reader;
};

} // namespace muster
