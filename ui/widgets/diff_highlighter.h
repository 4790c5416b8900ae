// DiffHighlighter: colours the lines of a unified diff; the signs + and − in front stay, so colour is never
// the only sign. GUI thread.
#pragma once

#include <QSyntaxHighlighter>

namespace muster {

class DiffHighlighter final : public QSyntaxHighlighter {
    Q_OBJECT

public:
    using QSyntaxHighlighter::QSyntaxHighlighter;

    void setEnabled(bool enabled);

protected:
    void highlightBlock(const QString &text) override;

private:
    bool m_enabled = false;
};

} // namespace muster
