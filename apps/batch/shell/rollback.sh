# shellcheck shell=bash

purpose='Takes back what apply.sh did from this folder, as its log tells.'
way_back=''
did='changes taken back' would='changes that would be taken back'
changed='it was changed since and is left as it is; decide by hand'
keep_going=yes go_on=yes # who takes back wants as much as possible back
needs_log=yes

# was_applied: whether the log says that apply.sh began this change, and it was not taken back since
was_applied() {
  case $(last_event) in
    begin | applied | undoing) return 0 ;;
    *)
      is_done 'nothing to take back'
      return 1
      ;;
  esac
}

undone() {
  mark undone "$id"
  made=$((made + 1))
}

# put_inline ID KIND PRINCIPAL POLICY
put_inline() {
  local kind=$2 principal=$3 policy=$4 stem=policies/$1
  label="$kind $principal: inline policy $policy"
  change "$1" "$policy" || return 0
  was_applied || return 0
  inline_state "$kind" "$principal" "$policy" "$stem.before.json" "$stem.after.json"
  case $state in
    before)
      is_done 'as before'
      mark undone "$id"
      ;;
    after)
      run iam "put-$kind-policy" "--$kind-name=$principal" "--policy-name=$policy" "--policy-document=file://$stem.before.json" || return 0
      undone
      ;;
    absent) problem 'the policy is gone' "$changed" ;;
    *) problem 'the policy in AWS is not the one that was applied' "$changed" ;;
  esac
}

# new_version ID ARN: the old default version is made the default again, and the new one deleted
new_version() {
  local arn=$2 stem=policies/$1 versions version old='' new=''
  label="customer managed policy ${2##*/}"
  change "$1" "$arn" "${arn##*/}" || return 0
  was_applied || return 0
  managed_state "$arn" "$stem.before.json" "$stem.after.json"
  case $state in
    before | after) ;;
    absent)
      problem 'the policy is gone' "$changed"
      return 0
      ;;
    *)
      problem 'the policy in AWS is not the one that was applied' "$changed"
      return 0
      ;;
  esac
  if [ "$state" = after ]; then
    new=$default_version
    read_versions "$arn"
    versions=$answer
    for version in $versions; do
      version_state "$arn" "$version" "$stem.before.json" ''
      if [ "$state" = before ]; then old=$version; fi
    done
    if [ -n "$old" ]; then
      mark "new-version $new" "$id"
      mark undoing "$id"
      run iam set-default-policy-version "--policy-arn=$arn" "--version-id=$old" || return 0
    elif [ "$(lines "$versions")" -lt 4 ]; then
      mark "new-version $new" "$id"
      mark undoing "$id"
      run iam create-policy-version "--policy-arn=$arn" "--policy-document=file://$stem.before.json" --set-as-default ||
        return 0
    else
      problem 'none of its five versions is the old one' 'delete a version that is not needed and run this again'
      return 0
    fi
  else
    new=$(logged_version)
    if [ -n "$new" ]; then
      read_versions "$arn"
      has "$answer" "$new" || new=''
    fi
  fi
  if [ -n "$new" ]; then
    run iam delete-policy-version "--policy-arn=$arn" "--version-id=$new" || return 0
  fi
  restore_versions "$arn" || return 0
  undone
}

# logged_version: the version that was about to be deleted when a rollback was cut short
logged_version() {
  if [ "$(last_event)" = undoing ]; then
    awk -F '\t' -v id="$id" '$3 == id && $2 ~ /^new-version / { last = substr($2, 13) } END { print last }' "$log"
  fi
}

# restore_versions ARN: documents that had to make room come back as versions; IAM gives them new numbers. 1 where one does not.
restore_versions() {
  local arn=$1 kept versions version there
  for kept in "removed-versions/$id".v*.json; do
    [ -f "$kept" ] || continue
    version=${kept#"removed-versions/$id.v"}
    case ${version%.json} in *[!0-9]*) continue ;; esac # of a policy whose name goes on after a dot
    read_versions "$arn"
    versions=$answer
    there=no
    for version in $versions; do
      version_state "$arn" "$version" "$kept" ''
      if [ "$state" = before ]; then there=yes; fi
    done
    if [ "$there" = no ] && [ "$(lines "$versions")" -lt 4 ]; then
      run iam create-policy-version "--policy-arn=$arn" "--policy-document=file://$kept" --no-set-as-default || return 1
    fi
  done
}

# swap ID STEM KIND PRINCIPAL inline|managed OLD COPY...: the old policy comes back first, then the copies go
swap() {
  local stem=policies/$2 kind=$3 principal=$4 how=$5 old=$6 attached i=0 copy arn is_left=no failed
  label="$kind $principal: $how policy ${old##*/}"
  change "$1" "$old" "${old##*/}" || return 0
  shift 6
  was_applied || return 0
  if ! read_attached "$kind" "$principal"; then
    problem "there is no such $kind any more" "$changed"
    return 0
  fi
  attached=$answer
  if [ "$how" = inline ]; then
    inline_state "$kind" "$principal" "$old" "$stem.before.json" ''
    case $state in
      before) ;;
      absent)
        run iam "put-$kind-policy" "--$kind-name=$principal" "--policy-name=$old" "--policy-document=file://$stem.before.json" ||
          return 0
        if [ $# -gt 0 ]; then pause; fi
        ;;
      *)
        problem 'there is a policy of this name with another document' "$changed"
        return 0
        ;;
    esac
  elif ! has "$attached" "$old"; then
    managed_state "$old" "$stem.before.json" ''
    case $state in
      absent)
        problem 'the policy is gone' "$changed"
        return 0
        ;;
      other) say '      it was changed since, and comes back as it is now' ;;
    esac
    run iam "attach-$kind-policy" "--$kind-name=$principal" "--policy-arn=$old" || return 0
    if [ $# -gt 0 ]; then pause; fi
  fi
  for copy in "$@"; do
    i=$((i + 1))
    arn=$(copy_arn "$copy")
    if has "$attached" "$arn"; then
      run iam "detach-$kind-policy" "--$kind-name=$principal" "--policy-arn=$arn" || return 0
    fi
    failed=$failures
    drop_copy "$arn" "$stem.after-$i.json" || is_left=yes
    [ "$failures" -eq "$failed" ] || return 0
  done
  if [ "$is_left" = yes ]; then made=$((made + 1)); else undone; fi
}

# drop_copy ARN DOCUMENT: deletes a copy with all its versions, unless somebody has it or has changed it, or a call fails; then 1
drop_copy() {
  local arn=$1 versions version
  managed_state "$arn" "$2" ''
  case $state in
    absent) return 0 ;;
    before) ;;
    *)
      say "      $arn was changed since and is left, detached"
      return 1
      ;;
  esac
  if [ "$mode" = apply ]; then
    ask iam get-policy "--policy-arn=$arn" --query '[Policy.AttachmentCount, Policy.PermissionsBoundaryUsageCount]' --output text ||
      return 0
    case $answer in
      0 | 0$'\t'0 | 0$'\t'None) ;;
      *)
        say "      $arn is attached elsewhere and is left"
        return 1
        ;;
    esac
  fi
  read_versions "$arn"
  versions=$answer
  for version in $versions; do
    run iam delete-policy-version "--policy-arn=$arn" "--version-id=$version" || return 1
  done
  run iam delete-policy "--policy-arn=$arn" || return 1
}
