// DiffView: a unified diff to read: line numbers of both sides, signs and colours, code coloured by language.
// Lines are coloured as they come into sight, a few milliseconds at a time, so that 20 000 lines open at
// once. N and P go to the next and the previous hunk. GUI thread.
#pragma once

#include "ui/docks/changes/diff_syntax.h"

#include <QPlainTextEdit>
#include <QTimer>

namespace muster {

class DiffView final : public QPlainTextEdit {
    Q_OBJECT

public:
    explicit DiffView(QWidget *parent = nullptr);

    // The place is kept when it is the file that is shown already.
    void setFile(const api::FileChange &file);
    void clearFile();
    [[nodiscard]] const QString &path() const { return m_path; }
    [[nodiscard]] const DiffRows &rows() const { return m_rows; }
    void goToHunk(int step); // +1 next, -1 previous
    void applyTheme();

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    friend class DiffGutter;

    void paintGutter(QPaintEvent *event);
    void placeGutter();
    void colorSome();
    void colorLine(const QTextBlock &block);
    [[nodiscard]] int gutterWidth() const;
    [[nodiscard]] int numberWidth() const;
    // Calls fn(row, rectangle) for each line in sight.
    template <typename Fn> void eachVisible(Fn fn) const;
    [[nodiscard]] int lastVisible() const;

    QString m_path;
    DiffRows m_rows;
    DiffSyntax m_syntax;
    QWidget *m_gutter;
    QTimer m_coloring;
    int m_colored = 0; // rows that have their colours
};

} // namespace muster
