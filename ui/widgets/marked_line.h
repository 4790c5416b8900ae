// MarkedLine: one line of text, a part of which can be underlined as wrong. Enter is the dialog's, and what
// is pasted becomes one line. GUI thread.
#pragma once

#include <QPlainTextEdit>

namespace muster {

class MarkedLine final : public QPlainTextEdit {
    Q_OBJECT

public:
    explicit MarkedLine(const QString &accessibleName, QWidget *parent = nullptr);

    [[nodiscard]] QString text() const { return toPlainText(); }
    void setText(const QString &text); // can be undone
    // In characters from 0; of a place behind the text its end is marked. -1: nothing is.
    void setMark(qsizetype position, qsizetype length);
    [[nodiscard]] qsizetype markedAt() const { return m_markedAt; }

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void insertFromMimeData(const QMimeData *source) override;
    void changeEvent(QEvent *event) override;
    void wheelEvent(QWheelEvent *event) override;

private:
    void showMark();

    qsizetype m_markedAt = -1;
    qsizetype m_markedLength = 0;
};

} // namespace muster
