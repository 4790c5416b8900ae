#include "ui/dialogs/quit_dialog.h"

#include <QCoreApplication>
#include <QMessageBox>
#include <QPushButton>

namespace muster {
namespace {

struct Quit {
    Q_DECLARE_TR_FUNCTIONS(QuitDialog)
};

} // namespace

void askAboutRunning(QWidget *window, int running, bool canKeep, std::function<void(QuitChoice)> chosen)
{
    auto *box = new QMessageBox(QMessageBox::Question, Quit::tr("Quit Muster"),
                                Quit::tr("%n agent(s) are working.", nullptr, running), QMessageBox::NoButton,
                                window);
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
}

} // namespace muster
