#include "ui/docks/changes/ending_dialogs.h"

#include "core/viewmodel/describe_changes.h"
#include "ui/theme/metrics.h"

#include <QCheckBox>
#include <QCoreApplication>
#include <QDialog>
#include <QDialogButtonBox>
#include <QLabel>
#include <QPushButton>
#include <QRadioButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace muster {
namespace {

struct EndingDialogs {
    Q_DECLARE_TR_FUNCTIONS(EndingDialogs)
};

QLabel *addText(QVBoxLayout *column, const QString &text, const QString &role = {})
{
    auto *label = new QLabel(text);
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    if (!role.isEmpty())
        label->setProperty("role", role);
    column->addWidget(label);
    return label;
}

QDialog *makeDialog(const QString &title, QWidget *parent)
{
    auto *dialog = new QDialog(parent);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(title);
    dialog->setMinimumWidth(metrics::units(110));
    auto *column = new QVBoxLayout(dialog);
    column->setContentsMargins(metrics::wide(), metrics::wide(), metrics::wide(), metrics::wide());
    column->setSpacing(metrics::normal());
    return dialog;
}

// Only a person who has said so loses repositories; without any there is nothing to say.
QCheckBox *addNested(QVBoxLayout *column, const QStringList &nested)
{
    if (nested.isEmpty())
        return nullptr;
    addText(column,
            EndingDialogs::tr("Git repositories inside are deleted for good, with all their commits:") %
                u"\n  " % nested.join(u"\n  "),
            u"error"_s);
    auto *box = new QCheckBox(EndingDialogs::tr("Delete &them too"));
    column->addWidget(box);
    return box;
}

QPushButton *addButtons(QDialog *dialog, QVBoxLayout *column, const QString &go, const QString &role,
                        const QCheckBox *consent)
{
    auto *box = new QDialogButtonBox(QDialogButtonBox::Cancel, dialog);
    auto *button = new QPushButton(go, box);
    button->setProperty("role", role); // before the style sees it
    box->addButton(button, QDialogButtonBox::AcceptRole);
    column->addSpacing(metrics::normal());
    column->addWidget(box);
    if (consent) {
        button->setEnabled(false);
        QObject::connect(consent, &QCheckBox::toggled, button, &QWidget::setEnabled);
    }
    QObject::connect(box, &QDialogButtonBox::accepted, dialog, &QDialog::accept);
    QObject::connect(box, &QDialogButtonBox::rejected, dialog, &QDialog::reject);
    return button;
}

} // namespace

QDialog *askToMerge(const api::WorktreeInfo &worktree, const QString &name, QWidget *parent,
                    std::function<void(const api::MergeWorktree &)> go)
{
    QDialog *dialog = makeDialog(EndingDialogs::tr("Merge %1").arg(name), parent);
    auto *column = qobject_cast<QVBoxLayout *>(dialog->layout());
    addText(column, EndingDialogs::tr("Merge %1 into %2?").arg(worktree.branch, worktree.target),
            u"heading"_s);
    addText(column,
            EndingDialogs::tr("%n file(s) change. The worktree and its branch are removed afterwards.",
                              nullptr, worktree.filesChanged));
    auto *squash = new QRadioButton(EndingDialogs::tr("As &one commit"), dialog);
    auto *all = new QRadioButton(
        EndingDialogs::tr("With &all %n commit(s) and a merge commit", nullptr, worktree.commitsAhead),
        dialog);
    squash->setChecked(true);
    column->addWidget(squash);
    column->addWidget(all);
    squash->setVisible(worktree.commitsAhead > 1);
    all->setVisible(worktree.commitsAhead > 1);
    if (worktree.uncommitted > 0)
        addText(
            column,
            EndingDialogs::tr("%n file(s) that are not committed are not merged; they are set aside under "
                              "refs/muster/salvage.",
                              nullptr, worktree.uncommitted),
            u"muted"_s);
    const QCheckBox *consent = addNested(column, worktree.nested);
    addButtons(dialog, column, EndingDialogs::tr("&Merge into %1").arg(worktree.target), u"primary"_s,
               consent)
        ->setDefault(true);
    QObject::connect(dialog, &QDialog::accepted, parent,
                     [go = std::move(go), id = worktree.id, squash, consent] {
        go({.worktree = id, .squash = squash->isChecked(), .losingNested = consent && consent->isChecked()});
    });
    dialog->open();
    return dialog;
}

QDialog *askToDrop(const api::WorktreeInfo &worktree, const QString &name, QWidget *parent,
                   std::function<void(const api::DropWorktree &)> go)
{
    QDialog *dialog = makeDialog(EndingDialogs::tr("Drop %1").arg(name), parent);
    auto *column = qobject_cast<QVBoxLayout *>(dialog->layout());
    addText(column, EndingDialogs::tr("Drop what %1 has changed?").arg(name), u"heading"_s);
    addText(column, EndingDialogs::tr("The folder %1 and the branch %2 are deleted.")
                        .arg(worktree.path, worktree.branch));
    api::WorktreeInfo kept = worktree;
    kept.nested.clear();
    if (const QStringList aside = lossesOfDropping(kept); !aside.isEmpty())
        addText(column,
                EndingDialogs::tr("Set aside under refs/muster/salvage, from where git can bring it back:") %
                    u"\n  " % aside.join(u"\n  "));
    else if (worktree.nested.isEmpty())
        addText(column, EndingDialogs::tr("Nothing is lost: there is no change in it that is not merged."));
    const QCheckBox *consent = addNested(column, worktree.nested);
    addButtons(dialog, column, EndingDialogs::tr("&Drop"), u"danger"_s, consent)->setAutoDefault(false);
    QObject::connect(dialog, &QDialog::accepted, parent, [go = std::move(go), id = worktree.id, consent] {
        go({.worktree = id, .losingNested = consent && consent->isChecked()});
    });
    dialog->open();
    return dialog;
}

QDialog *askToDropUnchanged(int count, QWidget *parent, std::function<void()> go)
{
    QDialog *dialog = makeDialog(EndingDialogs::tr("Drop unchanged worktrees"), parent);
    auto *column = qobject_cast<QVBoxLayout *>(dialog->layout());
    addText(column, EndingDialogs::tr("Drop all unchanged worktrees (%1)?").arg(count), u"heading"_s);
    addText(column,
            EndingDialogs::tr("Their folders and branches are deleted. Nothing was changed in them."));
    addButtons(dialog, column, EndingDialogs::tr("&Drop"), u"danger"_s, nullptr)->setAutoDefault(false);
    QObject::connect(dialog, &QDialog::accepted, parent, [go = std::move(go)] { go(); });
    dialog->open();
    return dialog;
}

} // namespace muster
