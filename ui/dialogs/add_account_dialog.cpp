#include "ui/dialogs/add_account_dialog.h"

#include "core/viewmodel/account_list_model.h"
#include "core/viewmodel/describe.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/wrapped_label.h"

#include <QComboBox>
#include <QDialogButtonBox>
#include <QDir>
#include <QFileDialog>
#include <QFormLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace muster {

AddAccountDialog::AddAccountDialog(AccountListModel *accounts, QWidget *parent)
    : QDialog(parent)
    , m_accounts(accounts)
    , m_name(new QLineEdit(this))
    , m_way(new QComboBox(this))
    , m_value(new QLineEdit(this))
    , m_folderRow(new QWidget(this))
    , m_folder(new QLineEdit(m_folderRow))
    , m_about(wrappedLabel(u"muted"_s, this))
    , m_error(wrappedLabel(u"error"_s, this))
    , m_add(new QPushButton(tr("&Add"), this))
{
    setWindowTitle(tr("Add an account of %1").arg(accounts->runtime().label));
    setAttribute(Qt::WA_DeleteOnClose);
    m_name->setAccessibleName(tr("Name"));
    m_name->setPlaceholderText(tr("For example: work"));
    m_name->setMaxLength(32);
    m_way->setAccessibleName(tr("Signed in by"));
    m_value->setAccessibleName(tr("Value of the key"));
    m_value->setEchoMode(QLineEdit::Password);
    m_value->setPlaceholderText(tr("Type or paste the key; it is not shown"));
    m_folder->setAccessibleName(tr("Folder"));
    m_folder->setPlaceholderText(tr("Empty: a new one, made by Muster"));
    layOut();
    fillWays();
    connect(m_name, &QLineEdit::textChanged, this, &AddAccountDialog::updateButton);
    connect(m_value, &QLineEdit::textChanged, this, &AddAccountDialog::updateButton);
    connect(m_way, &QComboBox::currentIndexChanged, this, &AddAccountDialog::showWay);
    connect(m_add, &QPushButton::clicked, this, &AddAccountDialog::add);
    showWay();
}

void AddAccountDialog::layOut()
{
    auto *choose = new QPushButton(tr("&Choose…"), m_folderRow);
    choose->setToolTip(tr("Choose the folder of the account"));
    choose->setAutoDefault(false);
    connect(choose, &QPushButton::clicked, this, &AddAccountDialog::chooseFolder);
    auto *row = new QHBoxLayout(m_folderRow);
    row->setContentsMargins(0, 0, 0, 0);
    row->addWidget(m_folder, 1);
    row->addWidget(choose);
    m_folderRow->setFocusProxy(m_folder);

    m_form = new QFormLayout;
    m_form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    m_form->addRow(tr("&Name"), m_name);
    m_form->addRow(tr("&Signed in by"), m_way);
    m_form->addRow(tr("&Key"), m_value);
    m_form->addRow(tr("&Folder"), m_folderRow);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    m_add->setProperty("role", u"primary"_s);
    m_add->setDefault(true);
    buttons->addButton(m_add, QDialogButtonBox::ActionRole);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(metrics::wide(), metrics::wide(), metrics::wide(), metrics::wide());
    column->setSpacing(metrics::units(3));
    column->addLayout(m_form);
    column->addWidget(m_about);
    column->addWidget(m_error);
    column->addStretch();
    column->addWidget(buttons);
    setMinimumWidth(metrics::units(110));
}

// Only what the runtime's program takes.
void AddAccountDialog::fillWays()
{
    const api::RuntimeInfo &runtime = m_accounts->runtime();
    if (!runtime.homeVariable.isEmpty())
        m_way->addItem(tr("A folder of its own (%1)").arg(runtime.homeVariable), QString());
    for (const QString &name : runtime.keys)
        m_way->addItem(tr("A key (%1)").arg(name), name);
}

QString AddAccountDialog::key() const { return m_way->currentData().toString(); }

void AddAccountDialog::showWay()
{
    const bool byKey = !key().isEmpty();
    m_form->setRowVisible(m_value, byKey);
    m_form->setRowVisible(m_folderRow, !byKey);
    if (!byKey)
        m_value->clear(); // what was typed for a key is not kept for later
    showText(m_about,
             byKey ? tr("The key lies in the system’s keychain under the account’s name, never in Muster’s "
                        "own files. Only agents of this account get it.")
                   : tr("The program keeps this account’s sign-in there. You then sign in once, in a "
                        "terminal; the line for it is shown when the account is added."));
    updateButton();
}

void AddAccountDialog::chooseFolder()
{
    const QString from = m_folder->text().isEmpty() ? QDir::homePath() : m_folder->text();
    auto *dialog = new QFileDialog(this, tr("Choose the folder of the account"), from);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::Directory);
    dialog->setOption(QFileDialog::ShowDirsOnly);
    dialog->setFilter(QDir::Dirs | QDir::Hidden | QDir::NoDotAndDotDot); // programs hide theirs
    connect(dialog, &QFileDialog::fileSelected, m_folder, &QLineEdit::setText);
    dialog->open();
}

bool AddAccountDialog::isTaken() const
{
    return std::ranges::contains(m_accounts->rows(), m_name->text().trimmed(), &api::AccountInfo::name);
}

// With room for it.
void AddAccountDialog::say(const QString &text)
{
    showText(m_error, text);
    adjustSize();
}

void AddAccountDialog::updateButton()
{
    const QString name = m_name->text().trimmed();
    const bool taken = !name.isEmpty() && isTaken();
    say(taken ? tr("There is an account “%1” already, and nothing was changed. Choose another "
                   "name, or remove that one first.")
                    .arg(name)
              : QString());
    const bool signedIn = key().isEmpty() || !m_value->text().trimmed().isEmpty();
    m_add->setEnabled(!m_adding && !name.isEmpty() && !taken && signedIn && m_way->count() > 0);
}

void AddAccountDialog::add()
{
    const bool byKey = !key().isEmpty();
    m_adding = true;
    updateButton();
    m_accounts->add({.runtime = {},
                     .name = m_name->text().trimmed(),
                     .configHome = byKey ? QString() : m_folder->text().trimmed(),
                     .key = key(),
                     .value = byKey ? m_value->text().trimmed() : QString()},
                    this, [this](const Result<QString> &folder) {
        m_adding = false;
        if (folder) {
            accept();
            return;
        }
        updateButton();
        say(describe(folder.error()));
    });
}

} // namespace muster
