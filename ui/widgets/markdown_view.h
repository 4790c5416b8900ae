// MarkdownView: text of an agent as Markdown, read only. What it says is not to be trusted: no HTML, no image
// is loaded, no link is followed. GUI thread.
#pragma once

#include <QTextEdit>

namespace muster {

class MarkdownView final : public QTextEdit {
    Q_OBJECT

public:
    explicit MarkdownView(const QString &accessibleName, QWidget *parent = nullptr);

    // Keeps the place in the text where it is the same text.
    void setText(const QString &markdown);

protected:
    QVariant loadResource(int type, const QUrl &name) override;

private:
    QString m_shown;
};

} // namespace muster
