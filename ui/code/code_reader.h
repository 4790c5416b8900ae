// CodeReader: what the parts of a line are in a language, line by line; the state at the end of one is that
// at the beginning of the next. A language is chosen by a file's name; unknown ones stay plain. GUI thread.
#pragma once

#include "ui/code/code_colors.h"

#include <QList>
#include <QString>

#include <KSyntaxHighlighting/State>

#include <memory>

namespace muster {

struct CodeSpan {
    int start = 0; // in the line
    int length = 0;
    CodeRole role = CodeRole::Plain;
};

class CodeReader {
public:
    CodeReader();
    ~CodeReader();

    void setFile(const QString &path);
    [[nodiscard]] bool isPlain() const;
    // `state`: at the line's beginning, then at its end. A line of over 4 000 characters stays plain.
    [[nodiscard]] QList<CodeSpan> read(const QString &line, KSyntaxHighlighting::State &state);

private:
    class Highlighter;
    std::unique_ptr<Highlighter> m_highlighter;
};

} // namespace muster
