// ChoiceAnswer: what a person answers to an agent's question: one of its choices, or their own words; where
// several may be taken, any of them, and their own words as well. None is chosen beforehand. GUI thread.
#pragma once

#include <QWidget>

class QButtonGroup;
class QLineEdit;
class QVBoxLayout;
class QAbstractButton;

namespace muster {

class ChoiceAnswer final : public QWidget {
    Q_OBJECT

public:
    explicit ChoiceAnswer(QWidget *parent = nullptr);

    // What was chosen or typed is forgotten. `details` are of the choices, one each, where something is said.
    void setChoices(const QStringList &choices, const QStringList &details, bool several);
    [[nodiscard]] QString text() const; // where several may be taken one a line; empty: nothing yet

signals:
    void changed();
    void entered(); // Enter in the person's own words

private:
    void addChoice(const QString &choice, const QString &detail);
    void uncheck();

    [[nodiscard]] QAbstractButton *makeButton(const QString &choice);

    QStringList m_texts;
    bool m_several = false;
    QVBoxLayout *m_list;
    QButtonGroup *m_buttons;
    QLineEdit *m_own;
};

} // namespace muster
