#include "ui/dialogs/quit_dialog.h"

#include <QCoreApplication>
#include <QMessageBox>
#include <QPushButton>

#include <algorithm>

namespace muster {
namespace {

struct Quit {
    Q_DECLARE_TR_FUNCTIONS(QuitDialog)
};

QDialog *askAboutPrograms(QWidget *parent, const QString &title, const QString &text,
                          const QStringList &programs, std::function<void()> end)
{
    constexpr qsizetype mostNamed = 8;
    QStringList named = programs.first(std::min(programs.size(), mostNamed));
    if (programs.size() > mostNamed)
        named += Quit::tr("… and %1 more").arg(programs.size() - mostNamed);
    auto *box = new QMessageBox(QMessageBox::Question, title, text, QMessageBox::NoButton, parent);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setTextFormat(Qt::PlainText);
    box->setInformativeText(named.join(u'\n'));
    QPushButton *close = box->addButton(Quit::tr("&End them and close"), QMessageBox::DestructiveRole);
    QObject::connect(close, &QPushButton::clicked, parent, [end = std::move(end)] { end(); });
    QPushButton *cancel = box->addButton(QMessageBox::Cancel);
    box->setDefaultButton(cancel);
    box->setEscapeButton(cancel);
    box->open();
    return box;
}

} // namespace

QDialog *askAboutRunning(QWidget *window, int running, bool canKeep, std::function<void(QuitChoice)> chosen)
{
    auto *box =
        new QMessageBox(QMessageBox::Question, Quit::tr("Quit Muster"),
                        Quit::tr("Steps and agents at work: %1").arg(running), QMessageBox::NoButton, window);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setInformativeText(
        canKeep
            ? Quit::tr("They can go on without the window. What is stopped goes on when Muster runs again.")
            : Quit::tr("What is stopped goes on when Muster runs again."));
    const auto add = [&](const QString &text, QMessageBox::ButtonRole role, QuitChoice choice) {
        QPushButton *button = box->addButton(text, role);
        QObject::connect(button, &QPushButton::clicked, window, [chosen, choice] { chosen(choice); });
        return button;
    };
    if (canKeep)
        box->setDefaultButton(
            add(Quit::tr("&Keep them running"), QMessageBox::AcceptRole, QuitChoice::KeepInBackground));
    add(Quit::tr("Quit when they are &done"), QMessageBox::ActionRole, QuitChoice::WaitForThem);
    add(Quit::tr("&Stop them"), QMessageBox::DestructiveRole, QuitChoice::StopThem);
    box->setEscapeButton(box->addButton(QMessageBox::Cancel));
    box->open();
    return box;
}

QDialog *askAboutUnsaved(QWidget *window, const QStringList &flows, std::function<void(bool save)> go)
{
    auto *box =
        new QMessageBox(QMessageBox::Question, Quit::tr("Unsaved flows"),
                        Quit::tr("Not saved: %1").arg(flows.join(u", ")), QMessageBox::NoButton, window);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setTextFormat(Qt::PlainText);
    box->setInformativeText(Quit::tr("What is not saved is kept as a draft and is there again next time."));
    const auto add = [&](const QString &text, QMessageBox::ButtonRole role, bool save) {
        QPushButton *button = box->addButton(text, role);
        QObject::connect(button, &QPushButton::clicked, window, [go, save] { go(save); });
        return button;
    };
    box->setDefaultButton(add(Quit::tr("&Save and close"), QMessageBox::AcceptRole, true));
    add(Quit::tr("Close, &keep the draft"), QMessageBox::DestructiveRole, false);
    box->setEscapeButton(box->addButton(QMessageBox::Cancel));
    box->open();
    return box;
}

QDialog *askAboutTerminals(QWidget *window, const QStringList &programs, std::function<void()> end)
{
    return askAboutPrograms(window, Quit::tr("Close the terminals"),
                            Quit::tr("Programs run in the terminals. Closing the window ends them."),
                            programs, std::move(end));
}

QDialog *askAboutTerminal(QWidget *terminal, const QStringList &programs, std::function<void()> end)
{
    return askAboutPrograms(terminal, Quit::tr("Close the terminal"),
                            Quit::tr("Programs run in this terminal. Closing it ends them."), programs,
                            std::move(end));
}

} // namespace muster
