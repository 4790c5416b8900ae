// CodeHighlighter: colours a document by its language, in the colours of the theme; a change of theme colours
// it anew. GUI thread.
#pragma once

#include <KSyntaxHighlighting/SyntaxHighlighter>

namespace muster {

class Theme;

class CodeHighlighter final : public KSyntaxHighlighting::SyntaxHighlighter {
    Q_OBJECT

public:
    // `theme`: may be none, then the colours stay.
    CodeHighlighter(QTextDocument *document, const QString &fileName, Theme *theme);

protected:
    void applyFormat(int offset, int length, const KSyntaxHighlighting::Format &format) override;
};

} // namespace muster
