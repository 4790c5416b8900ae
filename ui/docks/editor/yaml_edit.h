// YamlEdit: the text of a flow file: line numbers, colours, problems underlined at their place with their
// sentence as a tool tip. Tab and Shift+Tab indent by two; Enter goes on at the indentation of the line.
// GUI thread.
#pragma once

#include "core/node/api/flow_values.h"

#include <QPlainTextEdit>

namespace muster {

class Theme;

class YamlEdit final : public QPlainTextEdit {
    Q_OBJECT

public:
    explicit YamlEdit(Theme *theme, QWidget *parent = nullptr);

    // Instead of all that is there, as one step that can be undone.
    void replaceAll(const QString &text);
    void insertAt(qsizetype position, const QString &text, qsizetype cursor);
    void setProblems(const std::vector<api::FlowProblemInfo> &problems);
    // Both from 1; the column counts code points, as the parser's does.
    void goTo(int line, int column);
    [[nodiscard]] int currentLine() const { return textCursor().blockNumber() + 1; }
    // Places that are underlined, for tests.
    [[nodiscard]] int underlined() const { return static_cast<int>(m_marks.size()); }

protected:
    void resizeEvent(QResizeEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    bool viewportEvent(QEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    struct Mark {
        QTextCursor place;
        QString sentence;
    };

    void layNumbers();
    void paintNumbers(QPaintEvent *event);
    void showMarks();
    void indent(bool back);
    void breakLine();

    QWidget *m_numbers;
    std::vector<Mark> m_marks;
};

} // namespace muster
