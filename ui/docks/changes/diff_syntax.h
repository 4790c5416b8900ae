// DiffSyntax: what the parts of a diff's lines are in the file's language, found line by line as far as a
// view needs it. Each hunk begins afresh, and the two sides go on each with its own state. A language is
// chosen by the file's name; unknown ones stay plain. GUI thread.
#pragma once

#include "ui/code/code_reader.h"
#include "ui/docks/changes/diff_rows.h"

namespace muster {

class DiffSyntax {
public:
    void setFile(const QString &path);
    [[nodiscard]] bool isPlain() const { return m_reader.isPlain(); }
    // Lines must come in order; `text` without the sign, and so are the places of what comes back.
    [[nodiscard]] QList<CodeSpan> next(const DiffRow &row, const QString &text);

private:
    CodeReader m_reader;
    KSyntaxHighlighting::State m_old;
    KSyntaxHighlighting::State m_new;
};

} // namespace muster
