# shellcheck shell=bash

purpose='Puts the recommended policies in place, each after a look whether AWS still has
the policy that was analysed.'
way_back=' What was done, ./rollback.sh takes back; try it without --apply first.'
did='changes made' would='changes that would be made'
quota_role='' quota_user='' quota_group=''
again='nothing of it was changed; export and refine again, or pass over such changes with --keep-going'

# put_inline ID KIND PRINCIPAL POLICY: another document for an inline policy
put_inline() {
  local kind=$2 principal=$3 policy=$4 stem=policies/$1
  label="$kind $principal: inline policy $policy"
  change "$1" "$policy" || return 0
  inline_state "$kind" "$principal" "$policy" "$stem.before.json" "$stem.after.json"
  case $state in
    after) is_done 'already applied' ;;
    before)
      mark begin "$id"
      run iam "put-$kind-policy" "--$kind-name=$principal" "--policy-name=$policy" "--policy-document=file://$stem.after.json"
      mark applied "$id"
      made=$((made + 1))
      ;;
    absent) problem 'the policy is gone' "$again" ;;
    *) problem 'the policy in AWS is not the one that was analysed' "$again" ;;
  esac
}

# new_version ID ARN: another document for a customer managed policy, for all that have it
new_version() {
  local arn=$2 stem=policies/$1 strangers
  label="customer managed policy ${2##*/}"
  change "$1" "$arn" "${arn##*/}" || return 0
  managed_state "$arn" "$stem.before.json" "$stem.after.json"
  case $state in
    after)
      is_done 'already applied'
      return 0
      ;;
    before) ;;
    absent)
      problem 'the policy is gone' "$again"
      return 0
      ;;
    *)
      problem 'the policy in AWS is not the one that was analysed' "$again"
      return 0
      ;;
  esac
  ask iam list-entities-for-policy "--policy-arn=$arn" --query \
    "[PolicyRoles[].['role', RoleName], PolicyUsers[].['user', UserName], PolicyGroups[].['group', GroupName]][]" --output text ||
    stop 4 "who has $arn cannot be listed" 'it is gone'
  [ -r "$stem.holders.txt" ] || stop 4 "\`$stem.holders.txt\` cannot be read" 'the folder is not complete; export again'
  strangers=$(printf '%s\n' "$answer" | grep -Fvx -f "$stem.holders.txt" | grep . | tr '\t\n' ' ,' || true)
  if [ -n "$strangers" ]; then
    problem "it is also the policy of somebody who was not looked at: ${strangers%,}" "$again"
    return 0
  fi
  ask iam get-policy "--policy-arn=$arn" --query Policy.PermissionsBoundaryUsageCount --output text ||
    stop 4 "$arn cannot be read" 'it is gone'
  case $answer in
    0 | None) ;;
    *)
      problem 'it is a permissions boundary' "$again"
      return 0
      ;;
  esac
  mark begin "$id"
  make_room "$arn"
  run iam create-policy-version "--policy-arn=$arn" "--policy-document=file://$stem.after.json" --set-as-default
  mark applied "$id"
  made=$((made + 1))
}

# make_room ARN: IAM keeps five versions. Where there are five, the oldest that is not the default goes; its document is kept here.
make_room() {
  local arn=$1 oldest kept
  read_versions "$arn"
  [ "$(lines "$answer")" -ge 4 ] || return 0
  oldest=${answer%%$'\n'*}
  kept=removed-versions/$id.$oldest.json
  say "      it has five versions: the oldest, $oldest, makes room; its document is kept as $kept"
  ask iam get-policy-version "--policy-arn=$arn" "--version-id=$oldest" --query PolicyVersion.Document --output json ||
    stop 4 "version $oldest of $arn cannot be read" 'it is gone'
  if [ "$mode" = apply ]; then
    if ! mkdir -p -- "${kept%/*}" || ! printf '%s\n' "$answer" >"$kept"; then
      stop 4 "\`$kept\` cannot be written" 'check the folder and the disk'
    fi
  fi
  run iam delete-policy-version "--policy-arn=$arn" "--version-id=$oldest"
}

# swap ID STEM KIND PRINCIPAL inline|managed OLD COPY...: customer managed copies are attached, then the old policy is detached (or,
# inline, deleted). Without copies it only goes. At no moment has the principal less than what is recommended.
swap() {
  local stem=policies/$2 kind=$3 principal=$4 how=$5 old=$6 attached missing=0 new='' i=0 copy arn
  label="$kind $principal: $how policy ${old##*/}"
  change "$1" "$old" "${old##*/}" || return 0
  shift 6
  if ! read_attached "$kind" "$principal"; then
    problem "there is no such $kind any more" "$again"
    return 0
  fi
  attached=$answer
  for copy in "$@"; do
    has "$attached" "$(copy_arn "$copy")" || missing=$((missing + 1))
  done
  if [ "$how" = inline ]; then
    inline_state "$kind" "$principal" "$old" "$stem.before.json" ''
  elif has "$attached" "$old"; then
    managed_state "$old" "$stem.before.json" ''
  else
    state=absent
  fi
  case $state in
    before) ;;
    absent)
      if [ "$missing" -eq 0 ]; then is_done 'already applied'; else problem 'the policy is not attached any more' "$again"; fi
      return 0
      ;;
    *)
      problem 'the policy in AWS is not the one that was analysed' "$again"
      return 0
      ;;
  esac
  for copy in "$@"; do
    i=$((i + 1))
    managed_state "$(copy_arn "$copy")" "$stem.after-$i.json" ''
    case $state in
      before) ;;
      absent) new="$new$i " ;;
      *)
        problem "there is a policy $(copy_arn "$copy") with another document" "$again"
        return 0
        ;;
    esac
  done
  if [ "$missing" -gt 0 ]; then
    read_quota "$kind"
    if [ $(($(lines "$attached") + missing)) -gt "$answer" ]; then
      problem "with $missing more attached it would have more than $answer managed policies" \
        'for a moment both the old and the new are attached: have the quota raised, make room by hand, or pass over it with --keep-going'
      return 0
    fi
  fi
  mark begin "$id"
  i=0
  for copy in "$@"; do
    i=$((i + 1))
    case " $new" in *" $i "*) make_copy "$copy" "$stem.after-$i.json" "$old" ;; esac
  done
  for copy in "$@"; do
    arn=$(copy_arn "$copy")
    has "$attached" "$arn" || run iam "attach-$kind-policy" "--$kind-name=$principal" "--policy-arn=$arn"
  done
  if [ $# -gt 0 ]; then pause; fi
  if [ "$how" = inline ]; then
    run iam "delete-$kind-policy" "--$kind-name=$principal" "--policy-name=$old"
  else
    run iam "detach-$kind-policy" "--$kind-name=$principal" "--policy-arn=$old"
  fi
  mark applied "$id"
  made=$((made + 1))
}

# make_copy NAME DOCUMENT OLD
make_copy() {
  run iam create-policy "--policy-name=$1" --path=/leastwise/ "--policy-document=file://$2" \
    "--description=Made by Leastwise in place of ${3##*/}" --tags=Key=made-by,Value=leastwise
  if [ "$mode" = apply ]; then
    ask iam wait policy-exists "--policy-arn=$(copy_arn "$1")" || stop 4 "the new policy $1 does not appear" 'try again'
  fi
}

# read_quota KIND: sets $answer to how many managed policies one may have attached
read_quota() {
  local kind=$1 word
  case $kind in
    role) answer=$quota_role word=Role ;;
    user) answer=$quota_user word=User ;;
    *) answer=$quota_group word=Group ;;
  esac
  [ -z "$answer" ] || return 0
  ask iam get-account-summary --query "SummaryMap.AttachedPoliciesPer${word}Quota" --output text ||
    stop 4 'the quotas of the account cannot be read' 'try again'
  case $answer in '' | *[!0-9]*) answer=10 ;; esac
  case $kind in
    role) quota_role=$answer ;;
    user) quota_user=$answer ;;
    *) quota_group=$answer ;;
  esac
}
