// ChoiceAnswer: what a person answers to an agent's question: one of its choices, or their own words. None is
// chosen beforehand. GUI thread.
#pragma once

#include <QWidget>

class QButtonGroup;
class QLineEdit;
class QVBoxLayout;

namespace muster {

class ChoiceAnswer final : public QWidget {
    Q_OBJECT

public:
    explicit ChoiceAnswer(QWidget *parent = nullptr);

    // What was chosen or typed is forgotten. `details` are of the choices, one each, where something is said.
    void setChoices(const QStringList &choices, const QStringList &details);
    [[nodiscard]] QString text() const; // empty: nothing yet

signals:
    void changed();
    void entered(); // Enter in the person's own words

private:
    void addChoice(const QString &choice, const QString &detail);
    void uncheck();

    QStringList m_texts;
    QVBoxLayout *m_list;
    QButtonGroup *m_buttons;
    QLineEdit *m_own;
};

} // namespace muster
